/** Nodes that join, and what k3s tells of itself. */
import { clusterClaim, seen, type Claim } from '../claim.ts';
import type { Rig } from '../rig.ts';
import { withFlags, type Flags } from './restart.ts';

const SERVER = '/var/lib/rancher/k3s/server';

/** What the server says to a machine that asks for the certificate of a node of this name, with a password of its own. */
async function registering(rig: Rig, name: string): Promise<string> {
  const token = (await rig.server.exec(['cat', `${SERVER}/node-token`], { signal: rig.signal })).stdout.trim();
  // Whoever is accepted has a Secret from then on.
  if (!rig.cluster.nodes.some((node) => node.name === name)) {
    rig.defer(() => rig.said('delete', 'secret', `${name}.node-password.k3s`, '--namespace=kube-system'));
  }
  // By standard input: arguments are for everyone who may ask the engine.
  const config = [
    `url = "https://${rig.server.address}:6443/v1-k3s/serving-kubelet.crt"`,
    `user = "node:${token.slice(token.lastIndexOf(':') + 1)}"`,
    `header = "k3s-Node-Name: ${name}"`,
    'header = "k3s-Node-Password: of-another-machine"',
  ].join('\n');
  const argv = ['curl', '--silent', '--insecure', '--output', '/dev/null', '--write-out', '%{http_code}'];
  return await rig.exec({ at: rig.server.side }, [...argv, '--max-time', '8', '--config', '-'], config);
}

/** What `k3s server` says on an agent that is to join the first server with this backend; it never comes up, and is gone. */
async function joining(rig: Rig, backend: string): Promise<string> {
  const node = rig.node('agent-1');
  const folder = '/tmp/claims-joining';
  rig.defer(() => node.exec(['rm', '-rf', folder]));
  const argv = [
    'timeout',
    '30',
    'k3s',
    'server',
    `--server=https://${rig.server.address}:6443`,
    `--flannel-backend=${backend}`,
    `--data-dir=${folder}`,
    '--disable-agent',
    '--node-name=joining',
    `--write-kubeconfig=${folder}/kubeconfig`,
    `--node-ip=${node.address}`,
  ];
  const { stdout, stderr } = await node.exec(argv, { signal: rig.signal, accept: 'any', timeoutMs: 60_000 });
  const fatal = `${stdout}${stderr}`.split('\n').findLast((line) => /level=(fatal|error)/.test(line));
  return /msg="?([^"]*)/.exec(fatal ?? '')?.[1] ?? 'nothing that ended it';
}

export const joiningNodes: readonly Claim[] = [
  clusterClaim({
    id: 'A47',
    sentence: 'Nodes with the same host name need --node-name or K3S_NODE_NAME.',
    stands: ['S1', 'Nodes without a hostname'],
    predicted: ['true', 'the second is rejected: duplicate hostname'],
    setUp: 'default',
    here: { is: 'another machine that asks to be agent-0', of: 'agent-0' },
    twin: { is: 'one that asks to be agent-0-5eed, as --with-node-id has it', shows: 'control', of: 'agent-0-5eed' },
    ask: async (rig: Rig, name: string) => {
      const status = await registering(rig, name);
      return seen(status === '403', `asked for the certificate of ${name}: ${status}`);
    },
  }),
  clusterClaim({
    id: 'A48',
    sentence: 'wireguard is one of the backends of Flannel in k3s.',
    stands: ['S0', 'Flannel backends'],
    predicted: ['outdated', 'removed in v1.26; it is wireguard-native'],
    outdatedSince: 'v1.26',
    setUp: 'default',
    here: { is: 'wireguard among the values of --flannel-backend', of: 'wireguard' },
    twin: { is: 'wireguard-native', shows: 'control', of: 'wireguard-native' },
    ask: async (rig: Rig, backend: string) => {
      const { stdout } = await rig.server.exec(['k3s', 'server', '--help'], { signal: rig.signal });
      const says = stdout.split('\n').find((line) => line.includes('--flannel-backend')) ?? '';
      const values = [...says.matchAll(/'([^']+)'/g)].map(([, value]) => value);
      return seen(values.includes(backend), `k3s server --help: ${values.join(', ') || says.trim()}`);
    },
  }),
  clusterClaim({
    id: 'A57',
    sentence: 'Another flannel-backend must be given to all servers: one that differs is refused.',
    stands: ['docs', 'networking/basic-network-options'],
    predicted: ['true', '“critical configuration value mismatch between servers”'],
    setUp: 'default',
    alone: true,
    here: { is: 'a server with host-gw that is to join one with vxlan', of: 'host-gw' },
    twin: { is: 'a server with vxlan', shows: 'control', of: 'vxlan' },
    ask: async (rig: Rig, backend: string) => {
      const said = await joining(rig, backend);
      return seen(said.includes('critical configuration value mismatch'), said);
    },
  }),
  clusterClaim({
    id: 'A60',
    sentence: 'A node without a CNI is NotReady.',
    stands: ['S0', 'A CNI of one’s own (Calico)'],
    predicted: ['true', '“cni plugin not initialized”, until somebody installs one'],
    setUp: 'default',
    alone: true,
    here: { is: 'Flannel’s configuration taken away, as flannel-backend none leaves a node', of: true },
    twin: { is: 'left where it is', shows: 'control', of: false },
    ask: async (rig: Rig, isTaken: boolean) => {
      const node = rig.node('agent-1');
      const file = '/var/lib/rancher/k3s/agent/etc/cni/net.d/10-flannel.conflist';
      const ready = '{.status.conditions[?(@.type=="Ready")]';
      const path = `jsonpath=${ready}.status}: ${ready}.message}`;
      const ask = () => rig.kubectl('get', 'node', 'agent-1', '--output', path);
      if (isTaken) {
        rig.defer(() => rig.until('it is Ready again', 60_000, ask, (text) => text.startsWith('True')));
        rig.defer(() => node.exec(['mv', '/tmp/claims.conflist', file]));
        await node.exec(['mv', file, '/tmp/claims.conflist'], { signal: rig.signal });
      }
      const said = await rig.until('NotReady', 30_000, ask, (text) => !text.startsWith('True')).catch(ask);
      return seen(!said.startsWith('True'), `Ready: ${said}`);
    },
  }),
  clusterClaim({
    id: 'A111',
    sentence: 'With --write-kubeconfig-mode 644, /etc/rancher/k3s/k3s.yaml is readable for everyone.',
    stands: ['S4', '(1) master node'],
    predicted: ['true', '600 unless told'],
    setUp: 'changed',
    here: { is: 'a server with that flag', of: { 'write-kubeconfig-mode': '644' } },
    twin: { is: 'a server with 600, as it is without', shows: 'control', of: { 'write-kubeconfig-mode': '600' } },
    ask: async (rig: Rig, given: Flags) => {
      await withFlags(rig, ['server-0'], given);
      const argv = ['stat', '-c', '%a', '/etc/rancher/k3s/k3s.yaml'];
      const mode = (await rig.server.exec(argv, { signal: rig.signal })).stdout.trim();
      return seen(/^[4-7]+$/.test(mode), `its mode is ${mode}`);
    },
  }),
];
