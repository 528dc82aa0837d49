/** The lab's steps from outside: names, NodePort, port 80, whose turn it is, how it comes in, clean up. */
import { seen, type Seen } from '../claim.ts';
import { inTurn } from '../ledger/services.ts';
import { forwarding } from '../ledger/servicelb-pod.ts';
import { nodeAddresses, type Named } from '../ledger/objects.ts';
import type { Rig } from '../rig.ts';
import type { Step } from './lab.ts';
import { hostOf, nipIo } from './objects.ts';
import { clusterIp } from './steps.ts';

interface User {
  readonly id: number;
  readonly name: string;
}

const NAMESPACE = '--namespace=kube-system';

/** On every node, by localhost and by its address. */
async function onEveryNode(rig: Rig, port: string): Promise<Seen> {
  const asks = rig.cluster.nodes.flatMap((node) => ['localhost', node.address].map((host) => ({ node, host })));
  const answers: string[] = [];
  for (const { node, host } of asks) {
    const headers = { host: hostOf(node.address) };
    const url = `http://${host}:${port}/users/1`;
    const ask = () => rig.asked(url, { from: node.side, headers, curl: ['--ipv4'] });
    const { status } = await rig.until('200', 20_000, ask, (answer) => answer.status === '200').catch(ask);
    answers.push(`${node.name} ${host}:${port} ${status}`);
  }
  return seen(
    answers.every((one) => one.endsWith(' 200')),
    answers.join(', '),
  );
}

export const fromOutside: readonly Step[] = [
  {
    step: 'names of nip.io',
    says: 'userlist.<address>.nip.io resolves to that address (answered by the cluster’s own DNS: there is no Internet here)',
    see: async (rig) => {
      await rig.apply(nipIo);
      await rig.kubectl('rollout', 'restart', 'deployment/coredns', NAMESPACE);
      const isSo = (found: readonly string[], address: string) => found.join() === address;
      const answers: string[] = [];
      for (const address of nodeAddresses(rig)) {
        const ask = () => rig.resolved({ at: rig.server.side }, hostOf(address));
        const found = await rig.until('its address', 90_000, ask, (all) => isSo(all, address));
        answers.push(`${hostOf(address)}: ${found.join(', ')}`);
      }
      return seen(true, answers.join('; '));
    },
  },
  {
    step: 'by NodePort',
    says: 'on the node, localhost and its address answer on Traefik’s NodePort',
    see: async (rig) => {
      const path = 'jsonpath={.spec.ports[0].nodePort}';
      return await onEveryNode(rig, await rig.kubectl('get', 'service', 'traefik', NAMESPACE, '--output', path));
    },
  },
  {
    step: 'by port 80',
    says: 'and on port 80',
    see: (rig) => onEveryNode(rig, '80'),
  },
  {
    step: 'by name',
    says: 'a client gets http://userlist.<address>.nip.io/users/1 of every node',
    see: async (rig) => {
      const answers: string[] = [];
      for (const address of nodeAddresses(rig)) {
        const host = hostOf(address);
        const [found = ''] = await rig.resolved({ at: rig.server.side }, host);
        const { status } = await rig.asked(`http://${host}/users/1`, { curl: ['--resolve', `${host}:80:${found}`] });
        answers.push(`${host} ${status}`);
      }
      return seen(
        answers.every((one) => one.endsWith(' 200')),
        answers.join(', '),
      );
    },
  },
  {
    step: 'whose turn it is',
    says: 'round robin: each pod, told by the name of its first user, has its turn',
    see: async (rig) => {
      const names: string[] = [];
      const headers = { host: hostOf(rig.server.address) };
      for (let request = 0; request < 30; request++) {
        const { body } = await rig.asked(`http://${rig.server.address}/users/1`, { headers });
        names.push((JSON.parse(body) as User).name);
      }
      const counts = [...Map.groupBy(names, (name) => name)].map(([name, all]) => `${name} ${all.length}`);
      return seen(counts.length === 3 && inTurn(names, 3), `of 30: ${counts.join(', ')}`);
    },
  },
  {
    step: 'how it comes in',
    says: 'a DaemonSet svclb-traefik has a pod on every node, with hostPort 80 and Traefik’s ClusterIP in DEST_IPS',
    see: async (rig) => {
      const selector = '--selector=svccontroller.k3s.cattle.io/svcname=traefik';
      const sets = await rig.list<Named & { status: { numberReady?: number } }>('daemonsets', NAMESPACE, selector);
      const { hostPort, destIps } = await forwarding(rig, 'traefik', 'kube-system');
      const [set] = sets;
      const ip = await clusterIp(rig, 'traefik', 'kube-system');
      const saw = `${set?.metadata.name}: ${set?.status.numberReady} ready, hostPort ${hostPort}, DEST_IPS ${destIps}`;
      return seen(set?.status.numberReady === rig.cluster.nodes.length && hostPort === 80 && destIps === ip, saw);
    },
  },
  {
    step: 'clean up',
    says: 'without the namespace nobody answers any more',
    see: async (rig) => {
      await rig.kubectl('delete', 'namespace', rig.namespace, '--wait=false');
      const headers = { host: hostOf(rig.server.address) };
      const ask = () => rig.asked(`http://${rig.server.address}/users/1`, { headers });
      const { status } = await rig.until('404', 60_000, ask, (answer) => answer.status === '404').catch(ask);
      return seen(status === '404', `GET /users/1: ${status}`);
    },
  },
];
