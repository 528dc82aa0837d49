/** The lab's steps in the cluster: install, kubeconfig, deploy, scale, Service, Ingress. */
import { seen } from '../claim.ts';
import { addressesOf, nodeAddresses } from '../ledger/objects.ts';
import { withFlags } from '../ledger/restart.ts';
import type { Rig } from '../rig.ts';
import type { Step } from './lab.ts';
import { labIngress, userlist } from './objects.ts';

interface Node {
  readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
}

/** Waits until so many pods are ready, and says which: they answer by their names. */
async function ready(rig: Rig, replicas: number): Promise<readonly string[]> {
  const at = ['deployment/userlist', '--namespace', rig.namespace];
  const ask = () => rig.said('rollout', 'status', ...at, '--timeout=20s');
  await rig.until('it is rolled out', 90_000, ask, ({ exitCode }) => exitCode === 0);
  const places = () => rig.places('--namespace', rig.namespace, '--selector=app=userlist');
  const pods = await rig.until('all are there', 30_000, places, ({ length }) => length === replicas);
  return pods.map(({ name, node }) => `${name} on ${node}`);
}

export async function clusterIp(rig: Rig, name: string, namespace: string = rig.namespace): Promise<string> {
  return await rig.kubectl('get', 'service', name, '--namespace', namespace, '--output=jsonpath={.spec.clusterIP}');
}

export const inTheCluster: readonly Step[] = [
  {
    step: 'install k3s',
    says: 'kubectl version names client and server, and all nodes are Ready',
    see: async (rig) => {
      const version = /Server Version: (\S+)/.exec(await rig.kubectl('version'))?.[1] ?? 'no server';
      const isReady = ({ status }: Node) =>
        status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
      const nodes = (await rig.list<Node>('nodes')).filter(isReady);
      const of = rig.cluster.nodes.length;
      return seen(
        nodes.length === of && version === rig.release,
        `${nodes.length} of ${of} nodes Ready, server ${version}`,
      );
    },
  },
  {
    step: '--write-kubeconfig-mode 644',
    says: '/etc/rancher/k3s/k3s.yaml can be read, and copied, by everyone',
    see: async (rig) => {
      await withFlags(rig, [rig.server.name], { 'write-kubeconfig-mode': '644' });
      const argv = ['stat', '-c', '%a', '/etc/rancher/k3s/k3s.yaml'];
      const mode = (await rig.server.exec(argv, { signal: rig.signal })).stdout.trim();
      return seen(mode === '644', `its mode is ${mode}`);
    },
  },
  {
    step: 'deploy userlist',
    says: 'two pods are Running, and the Service userlist-svc has a ClusterIP',
    see: async (rig) => {
      await rig.apply(...userlist(rig, 2));
      const pods = await ready(rig, 2);
      const address = await clusterIp(rig, 'userlist-svc');
      return seen(address.startsWith('10.43.'), `${pods.join(', ')}; ClusterIP ${address}`);
    },
  },
  {
    step: 'scale it',
    says: 'there are as many pods as asked for',
    see: async (rig) => {
      await rig.kubectl('scale', 'deployment/userlist', '--replicas=3', '--namespace', rig.namespace);
      return seen(true, (await ready(rig, 3)).join(', '));
    },
  },
  {
    step: 'ask the Service',
    says: 'it leads to a pod',
    see: async (rig) => {
      const url = `http://${await clusterIp(rig, 'userlist-svc')}/users/1`;
      const ask = () => rig.asked(url, { from: { at: rig.server.side } });
      const { status, body } = await rig.until('200', 10_000, ask, (answer) => answer.status === '200');
      return seen(status === '200', `GET /users/1: ${body.trim()}`);
    },
  },
  {
    step: 'create the Ingress',
    says: 'its ADDRESS, as the EXTERNAL-IP of Traefik’s Service, is every node’s',
    see: async (rig) => {
      const all = nodeAddresses(rig);
      await rig.apply(labIngress(all));
      const path = 'jsonpath={.status.loadBalancer.ingress[*].ip}';
      const get = ['get', 'ingress', 'userlist-ingress', '--namespace', rig.namespace, '--output', path];
      const shown = async () => (await rig.kubectl(...get)).split(' ').filter(Boolean).toSorted();
      const addresses = await rig
        .until('its address', 60_000, shown, (some) => some.join() === all.join())
        .catch(shown);
      const external = await addressesOf(rig, 'traefik', 'kube-system');
      const isSo = addresses.join() === all.join() && external.join() === all.join();
      return seen(isSo, `Ingress: ${addresses.join(', ') || 'none'}; Traefik: ${external.join(', ') || 'none'}`);
    },
  },
];
