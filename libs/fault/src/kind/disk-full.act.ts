/**
 * Refused, with the reason. What k3s writes to are volumes of the engine: folders on the one disk of the host. A file that
 * fills a node's fills the host's, and takes every node and every other run along.
 *
 * Thought of and left: a small file system mounted over a folder of the node while k3s runs (k3s keeps writing to the files
 * that it has open, and kubelet measures another disk: nothing that happens on a machine); one made at boot (every run
 * would pay for it, and a loop device is not to be had in every container); quotas of the engine (XFS with project
 * quotas alone).
 */
import type { Act } from './act.ts';

const refuse = async (): Promise<never> => {
  throw new Error(
    'disk-full is not done: the nodes share the one disk of the host, which it would fill. ' +
      'Allowed: nowhere yet; it needs volumes with a size of their own. Next: disk-slow',
  );
};

export const diskFullAct: Act = {
  keepsDataPlane: true,
  survey: refuse,
  prepare: refuse,
  undo: async () => 'was never done',
};
