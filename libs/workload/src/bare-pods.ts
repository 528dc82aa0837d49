/** The pods of a workload on the substrate bare: which node runs which, where, and with what. */
import { addressIn, type NodePlan } from '@faultline/cluster/plan';
import { checkWorkload, isOurs, WorkloadSpecError } from './check.ts';
import { NAME } from './manifests.ts';
import { APP_PORT, type WorkloadSpec } from './spec.ts';

/** As a bare node reads it from its pods.json. */
export interface BarePod {
  readonly name: string;
  readonly address: string;
  readonly netns: string;
  readonly env: Readonly<Record<string, string>>;
  readonly argv: readonly string[];
}

export interface PlacedPod extends BarePod {
  /** Name of the node that runs it. */
  readonly node: string;
}

/** Where the app's files lie in a bare node, as in its image. */
export const APP_FOLDER = '/app';

/** Last octet of the first pod of a node. Below it are the bridge and whatever a node needs for itself. */
const FIRST_POD = 10;

/** The user of the image; a pod of a bare node has no more rights than one of a real one. */
const USER = '65532';

/**
 * Spread evenly, in turns: neighbours in the list run on different nodes.
 * @throws WorkloadSpecError also for an image that is not our app: there is no container runtime to run it.
 */
export function planBarePods(spec: WorkloadSpec, nodes: readonly NodePlan[]): readonly PlacedPod[] {
  const { app, replicas } = checkWorkload(spec);
  if (!isOurs(app)) {
    throw new WorkloadSpecError(
      'app',
      `${app}. Allowed on the substrate bare: faultline/userlist alone. Next: --substrate k3s`,
    );
  }
  return Array.from({ length: replicas }, (_, index) => {
    const node = nodes[index % nodes.length];
    if (!node?.podSubnet)
      throw new Error(`${node?.name ?? 'no node'} has no pod subnet in the plan: on bare every node has one`);
    const name = `${NAME}-${index}`;
    return {
      name,
      node: node.name,
      address: addressIn(node.podSubnet, FIRST_POD + Math.floor(index / nodes.length)),
      netns: `/run/netns/${name}`,
      env: { POD_NAME: name, NODE_NAME: node.name, PORT: String(APP_PORT) },
      argv: [
        'setpriv',
        `--reuid=${USER}`,
        `--regid=${USER}`,
        '--clear-groups',
        '--no-new-privs',
        'node',
        `${APP_FOLDER}/main.ts`,
      ],
    };
  });
}
