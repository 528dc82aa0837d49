import type { FaultKind } from './kind.ts';

export const nodePortClash: FaultKind = {
  name: 'node-port-clash',
  sentence: 'Makes a Service with a fixed NodePort, and a second that wants the same: the API refuses it.',
  parameters: {
    port: { type: 'integer', min: 30_000, max: 32_767, default: 30_404, sentence: 'the nodePort that both want' },
  },
  capability: 'kubernetes',
  issue: 'https://github.com/k3s-io/k3s/issues/6375',
  sparesPing: true,
  breaks: 'the API refuses the second Service: the port is already allocated',
};
