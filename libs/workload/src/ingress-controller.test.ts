import type { KubernetesObject } from '@kubernetes/client-node';
import type { ClusterNode } from '@faultline/cluster';
import { planCluster, type ClusterSpec } from '@faultline/cluster/plan';
import { describe, expect, test } from 'vitest';
import { IngressController, type Placed } from './ingress-controller.ts';
import type { Kube } from './kube.ts';

const VIRTUAL = '198.18.7.200';
const spec: ClusterSpec = { substrate: 'k3s', servers: 1, agents: 2, backend: 'vxlan', loadBalancer: 'servicelb' };
const nodes = ['server-0', 'agent-0', 'agent-1'].map(
  (name, index) => ({ name, address: `198.18.7.${10 + index}` }) as ClusterNode,
);

const service = (...ips: string[]): KubernetesObject =>
  ({ status: { loadBalancer: { ingress: ips.map((ip) => ({ ip })) } } }) as KubernetesObject;
const pod = (nodeName: string): KubernetesObject =>
  ({ spec: { nodeName }, status: { conditions: [{ type: 'Ready', status: 'True' }] } }) as KubernetesObject;
const rolledOut = (ready: number): KubernetesObject =>
  ({ spec: { replicas: 2 }, status: { observedGeneration: 1, readyReplicas: ready } }) as KubernetesObject;

interface World {
  readonly change?: Partial<ClusterSpec>;
  readonly virtualAddress?: string;
  readonly balancers?: readonly ClusterNode[];
  /** Who answers, one question after the other. */
  readonly announcers?: (ClusterNode | undefined)[];
  /** What the API has, by the kind in its paths. */
  readonly objects?: Readonly<Record<string, readonly KubernetesObject[]>>;
}

/** A cluster that never changes: what is not true of it is the error of whoever waits for it. */
function controller({ change, virtualAddress, balancers = [], announcers = [], objects = {} }: World) {
  const plan = planCluster({ ...spec, ...change }, { tools: 'tools:1', app: 'app:1', subnet: null });
  let asked = 0;
  const cluster: Placed = {
    plan,
    nodes,
    balancers,
    virtualAddress,
    announcer: async () => announcers[asked++],
  };
  const of = (plural: string) => (objects[plural] ?? []) as never;
  const kube: Pick<Kube, 'until' | 'list'> = {
    list: async ({ plural }) => of(plural),
    until: async (what, { plural }, judge) => {
      const answer = judge(of(plural));
      if (!answer.done) throw new Error(`${what}: ${answer.saw}`);
      return answer.value;
    },
  };
  return { is: new IngressController(cluster, kube), asked: () => asked };
}

const wait = { signal: undefined, withinMs: 2000 };
const own = nodes.map(({ name, address }) => ({ address, port: 80, node: name }));

describe('clients reach the Ingress', () => {
  test('at every node, with ServiceLB', async () => {
    const addresses = nodes.map(({ address }) => address);
    const { is } = controller({ objects: { services: [service(...addresses)] } });
    expect(await is.untilEntries(wait)).toEqual(own);
    const { is: early } = controller({ objects: { services: [service(...addresses.slice(1))] } });
    await expect(early.untilEntries(wait)).rejects.toThrow('2 of 3 addresses');
  });

  test('with the policy Local only at the nodes that run its controller', async () => {
    const world = (...ips: string[]): World => ({
      change: { trafficPolicy: 'Local' },
      objects: { deployments: [rolledOut(2)], pods: [pod('agent-1')], services: [service(...ips)] },
    });
    expect(await controller(world('198.18.7.12')).is.untilEntries(wait)).toEqual([own[2]]);
    const stale = controller(world('198.18.7.11', '198.18.7.12')).is.untilEntries(wait);
    await expect(stale).rejects.toThrow('198.18.7.11, 198.18.7.12 instead of 198.18.7.12');
  });

  test('at the virtual address, once the Service has it and somebody answers for it', async () => {
    const change = { loadBalancer: 'metallb-l2' } as const;
    const [, announcer] = nodes;
    const announcers = [undefined, announcer];
    const objects = { services: [service(VIRTUAL)] };
    const { is, asked } = controller({ change, virtualAddress: VIRTUAL, announcers, objects });
    expect(await is.untilEntries(wait)).toEqual([{ address: VIRTUAL, port: 80, node: undefined }]);
    expect(asked()).toBe(2);
  });

  test('not at another address of the pool, nor where nobody answers', async () => {
    const change = { loadBalancer: 'metallb-l2' } as const;
    const other = controller({ change, virtualAddress: VIRTUAL, objects: { services: [service('198.18.7.201')] } });
    await expect(other.is.untilEntries(wait)).rejects.toThrow('198.18.7.201 instead of 198.18.7.200');
    const mute = controller({ change, virtualAddress: VIRTUAL, objects: { services: [service(VIRTUAL)] } });
    await expect(mute.is.untilEntries({ ...wait, withinMs: 100 })).rejects.toThrow('nobody answers the who-has');
  });

  test('at the address of the machines in front, of which no Service knows', async () => {
    const change = { loadBalancer: 'keepalived' } as const;
    const balancers = nodes.slice(0, 2);
    const { is } = controller({ change, virtualAddress: VIRTUAL, balancers, announcers: [...balancers] });
    const entry = { address: VIRTUAL, port: 80, node: undefined };
    expect(await is.untilEntries(wait)).toEqual([entry]);
    expect(await is.entries(undefined)).toEqual([entry]);
  });
});

describe('the controller is ready', () => {
  test('with all pods of its Deployment', async () => {
    await controller({ objects: { deployments: [rolledOut(2)] } }).is.untilReady(wait);
    const { is } = controller({ objects: { deployments: [rolledOut(1)] } });
    await expect(is.untilReady(wait)).rejects.toThrow('the Ingress controller is ready: 1 of 2 pods ready');
  });

  test('with all of its DaemonSet, where it is laid out as one', async () => {
    const { is } = controller({ change: { controller: 'daemonset' }, objects: { deployments: [rolledOut(2)] } });
    await expect(is.untilReady(wait)).rejects.toThrow('it is not there');
  });
});
