/** Claims about flags: k3s is started again with them. */
import { clusterClaim, seen, untestable, type Claim } from '../claim.ts';
import type { Rig } from '../rig.ts';
import { addressesOf, balanced } from './objects.ts';
import { proxyMode, startAgain, withFlags, type Flags } from './restart.ts';

const MANIFESTS = '/var/lib/rancher/k3s/server/manifests';
const LATER = ['v1.35.1+k3s1'];
const OUTSIDE = '203.0.113';

async function addressed(rig: Rig, port: number, withinMs: number): Promise<readonly string[]> {
  await rig.apply(balanced(rig.name, port));
  const ask = () => addressesOf(rig, rig.name);
  return await rig.until('an address', withinMs, ask, ({ length }) => length > 0).catch(ask);
}

/** Waits until Traefik’s Service is on all nodes, or is no more. */
async function untilTraefik(rig: Rig, where: 'there' | 'gone'): Promise<void> {
  const path = 'jsonpath={.status.loadBalancer.ingress[*].ip}';
  const get = ['get', 'service', 'traefik', '--namespace=kube-system', '--ignore-not-found', '--output'];
  const ask = async () => `${await rig.kubectl(...get, 'name')} ${await rig.kubectl(...get, path)}`;
  const isSo = (said: string) =>
    where === 'gone' ? said.trim() === '' : rig.cluster.nodes.every(({ address }) => said.includes(address));
  await rig.until(`Traefik's Service is ${where}`, 120_000, ask, isSo);
}

/** The cloud controller looks at nodes that are there already every five minutes. */
const LOOKED_AT_MS = 360_000;

/** Waits until so many nodes have an external address in their status, whatever flags say. */
async function untilOutside(rig: Rig, count: number): Promise<void> {
  const path = 'jsonpath={.items[*].status.addresses[?(@.type=="ExternalIP")].address}';
  const ask = async () => (await rig.kubectl('get', 'nodes', '--output', path)).split(' ').filter(Boolean);
  await rig.until(`${count} nodes with an external address`, LOOKED_AT_MS, ask, ({ length }) => length === count);
}

/** kube-proxy's mode on an agent that was started again with it; empty where it does not come up. */
async function runsIn(rig: Rig, mode: string): Promise<string> {
  const isUp = await withFlags(rig, ['agent-1'], { 'kube-proxy-arg': [`proxy-mode=${mode}`] }).then(
    () => true,
    () => false,
  );
  return isUp ? await proxyMode(rig, 'agent-1') : '';
}

const proxySays = (mode: string): string =>
  mode === '' ? 'kube-proxy does not come up' : `kube-proxy runs in mode ${mode}`;

export const flags: readonly Claim[] = [
  clusterClaim({
    id: 'A04',
    sentence: 'k3s writes manifests/traefik.yaml again at every start; it is not to be edited.',
    stands: ['S1', 'Traefik Ingress Controller'],
    predicted: ['true', 'all embedded manifests are written at the start'],
    setUp: 'changed',
    here: { is: 'a comment in traefik.yaml', of: 'traefik.yaml' },
    twin: { is: 'a comment in a file of one’s own', shows: 'control', of: 'claims.yaml' },
    ask: async (rig: Rig, file: string) => {
      const path = `${MANIFESTS}/${file}`;
      const { stdout } = await rig.server.exec(['cat', path], { signal: rig.signal, accept: 'any' });
      if (file === 'claims.yaml') rig.defer(() => rig.server.exec(['rm', '-f', path]));
      await rig.server.copyIn([{ path, content: `${stdout}\n# faultline was here\n` }], { signal: rig.signal });
      await startAgain(rig, 'server-0');
      const after = (await rig.server.exec(['cat', path], { signal: rig.signal })).stdout;
      const isThere = after.includes('faultline was here');
      return seen(!isThere, `after a restart the comment is ${isThere ? 'still there' : 'gone'}`);
    },
  }),
  clusterClaim({
    id: 'A17',
    sentence: '--disable traefik takes Traefik away, and another Service can have ports 80 and 443.',
    stands: ['S0', 'Disabling Traefik'],
    predicted: ['true', 'the HelmChart is deleted, and with it the Service'],
    setUp: 'changed',
    here: { is: 'started again with --disable traefik', of: { disable: ['traefik'] } },
    twin: { is: 'started again without', shows: 'control', of: {} },
    ask: async (rig: Rig, given: Flags) => {
      // Traefik comes and goes by jobs, a while after k3s is up: until then its ports are anybody's.
      rig.defer(() => untilTraefik(rig, 'there'));
      await withFlags(rig, ['server-0'], given);
      await untilTraefik(rig, given['disable'] ? 'gone' : 'there');
      const addresses = await addressed(rig, 80, 60_000);
      return seen(addresses.length > 0, `a Service of our own on port 80 has ${addresses.join(', ') || 'no address'}`);
    },
  }),
  clusterClaim({
    id: 'A32',
    sentence: 'A Service lists nodes’ external addresses where they have one, and else the internal ones.',
    stands: ['S1', 'How ServiceLB works'],
    predicted: ['false', 'as soon as one node has an external address, only those are listed'],
    setUp: 'changed',
    here: { is: 'one of three nodes with --node-external-ip', of: ['agent-1'] },
    twin: { is: 'none of them with one', shows: 'control', of: [] },
    ask: async (rig: Rig, nodes: readonly string[]) => {
      rig.defer(() => untilOutside(rig, 0));
      for (const [index, name] of nodes.entries()) {
        await withFlags(rig, [name], { 'node-external-ip': `${OUTSIDE}.${11 + index}` });
      }
      await untilOutside(rig, nodes.length);
      await rig.apply(balanced(rig.name, rig.port));
      const ask = () => addressesOf(rig, rig.name);
      const outside = (all: readonly string[]) => all.filter((one) => one.startsWith(OUTSIDE)).length;
      const isSettled = (all: readonly string[]) => all.length > 0 && outside(all) === nodes.length;
      await rig.until('addresses', 60_000, ask, isSettled).catch(ask);
      // Pods of it become ready one after the other.
      const found = await rig.watch(8000).then(ask);
      return seen(found.length === rig.cluster.nodes.length, `listed: ${found.join(', ') || 'none'}`);
    },
  }),
  clusterClaim({
    id: 'A45',
    sentence: 'With --disable-cloud-controller and nothing in its place, nodes stay tainted.',
    stands: ['S1', 'Deploying an external cloud controller manager'],
    predicted: ['false', 'kubelet is told cloud-provider=external only where k3s’ own controller runs'],
    setUp: 'changed',
    here: { is: 'a node that registers with the flag alone', of: {} },
    twin: {
      is: 'and --kubelet-arg=cloud-provider=external',
      shows: 'control',
      of: { 'kubelet-arg': ['cloud-provider=external'] },
    },
    ask: async (rig: Rig, given: Flags) => {
      await withFlags(rig, ['server-0'], { 'disable-cloud-controller': true });
      await rig.kubectl('delete', 'node', 'agent-1', '--wait=true');
      await withFlags(rig, ['agent-1'], given);
      const path = 'jsonpath={.spec.taints[*].key};{.status.conditions[?(@.type=="Ready")].status}';
      const ask = async () => (await rig.said('get', 'node', 'agent-1', '--output', path)).text;
      const told = await rig.until('it registers', 60_000, ask, (text) => text.endsWith(';True')).catch(ask);
      return seen(told.includes('uninitialized'), `taints; Ready: ${told}`);
    },
  }),
  clusterClaim({
    id: 'A46',
    sentence: 'With --disable-cloud-controller and --disable=servicelb there is no cloud controller at all.',
    stands: ['docs', 'networking/networking-services'],
    predicted: ['true', 'ServiceLB lives in it'],
    setUp: 'changed',
    here: { is: 'both flags', of: { 'disable-cloud-controller': true, disable: ['servicelb'] } },
    twin: { is: 'the first alone', shows: 'control', of: { 'disable-cloud-controller': true } },
    ask: async (rig: Rig, given: Flags) => {
      await withFlags(rig, ['server-0'], given);
      const addresses = await addressed(rig, rig.port, 30_000);
      return seen(addresses.length === 0, `a new Service has ${addresses.join(', ') || 'no address 30 s later'}`);
    },
  }),
  clusterClaim({
    id: 'A77',
    sentence: 'kube-proxy has the modes userspace, iptables and IPVS.',
    stands: ['S2', '1.4.1 Modes of kube-proxy'],
    predicted: ['outdated', 'userspace went with v1.26, nftables came, and IPVS is deprecated'],
    outdatedSince: 'v1.26',
    setUp: 'changed',
    here: { is: 'proxy-mode=userspace', of: 'userspace' },
    twin: { is: 'proxy-mode=iptables', shows: 'control', of: 'iptables' },
    ask: async (rig: Rig, mode: string) => {
      const runs = await runsIn(rig, mode);
      return seen(runs === mode, proxySays(runs));
    },
  }),
  untestable({
    id: 'A78',
    sentence: 'kube-proxy in k3s runs in nftables mode where it is asked to.',
    stands: ['ledger', 'k3s-root v0.15.0'],
    predicted: ['true with a limit', 'from v1.32.9, v1.33.5, v1.34.1 on; before that nft has no JSON'],
    reason:
      'it is about the nft that each release brings along, and the images at hand have another, with JSON; ' +
      'with that one v1.33.3 runs in nftables mode (A79)',
  }),
  clusterClaim({
    id: 'A79',
    sentence: 'A NodePort answers on localhost.',
    stands: ['S4', '4) Access'],
    predicted: ['true with a limit', 'not with kube-proxy in nftables mode'],
    alsoOn: LATER,
    setUp: 'changed',
    here: { is: 'proxy-mode=iptables', of: 'iptables' },
    twin: { is: 'proxy-mode=nftables', shows: 'limit', of: 'nftables' },
    ask: async (rig: Rig, mode: string) => {
      const runs = await runsIn(rig, mode);
      // Where it does not run at all, nothing answers either.
      if (runs !== mode) throw new Error(proxySays(runs));
      const path = 'jsonpath={.spec.ports[0].nodePort}';
      const port = await rig.kubectl('get', 'service', 'traefik', '--namespace=kube-system', '--output', path);
      const ask = () => rig.asked(`http://127.0.0.1:${port}/`, { from: rig.node('agent-1').side });
      const { status } = await rig.until('an answer', 8000, ask, (answer) => answer.status !== '000').catch(ask);
      return seen(status !== '000', `${proxySays(runs)}; localhost:${port} gives ${status}`);
    },
  }),
];
