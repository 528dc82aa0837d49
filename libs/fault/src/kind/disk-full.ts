import type { FaultKind } from './kind.ts';

/** Refused on every host so far: disk-full.act.ts says why. */
export const diskFull: FaultKind = {
  name: 'disk-full',
  sentence: 'Fills the disk of the node. Refused: all nodes share the one disk of the host, and it would fill that.',
  parameters: {},
  capability: 'disk.quota',
  issue: 'https://github.com/k3d-io/k3d/issues/133',
  breaks: 'the node can write nothing more, and its kubelet taints it with disk-pressure',
};
