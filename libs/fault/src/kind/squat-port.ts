import type { FaultKind } from './kind.ts';

export const squatPort: FaultKind = {
  name: 'squat-port',
  sentence: 'Something else listens on a port of the node: from now on, or since before k3s was started.',
  parameters: {
    protocol: { type: 'choice', of: ['tcp', 'udp'], sentence: 'the transport protocol' },
    port: { type: 'integer', min: 1, max: 65_535, sentence: 'the port' },
    when: {
      type: 'choice',
      of: ['running', 'before-start'],
      default: 'running',
      sentence: 'before-start: the node is started again, and the squatter is there first',
    },
  },
  capability: null,
  issue: 'https://github.com/tkestack/tke/issues/1279',
  restartsNode: ({ when }) => when === 'before-start',
  breaks: 'a process that is none of the node holds the port, and nobody else is given it',
};
