import { memoryHistory } from '@faultline/history';
import { expect, test } from 'vitest';
import type { Cluster, ClusterNode } from '../cluster.ts';
import { planCluster } from '../plan-cluster.ts';
import { checkGolden } from './check.ts';

const { signal } = new AbortController();

const link = { ifname: 'cni0', flags: ['UP'], mtu: 1500, linkinfo: { info_kind: 'bridge' } };
const address = { ifname: 'cni0', addr_info: [{ family: 'inet', local: '10.42.0.1', prefixlen: 24 }] };
const routes = [
  { type: 'unicast', dst: '10.42.0.0/24', dev: 'cni0', prefsrc: '10.42.0.1', flags: [] },
  { type: 'unreachable', dst: '10.42.0.0/16', flags: [] },
  { type: 'unicast', dst: '198.18.7.0/24', dev: 'eth0', flags: [] },
];
const stale = { type: 'unicast', dst: '10.42.9.0/24', gateway: '198.18.7.19', dev: 'eth0', flags: [] };

/** The only node of a bare cluster with host-gw, as its side-car says it is. */
const says = (...more: readonly object[]): string => `=== link
${JSON.stringify([link])}
=== addr
${JSON.stringify([address])}
=== route
${JSON.stringify([...routes, ...more])}
=== neigh
[]
=== fdb
[]
=== sysctl
net.ipv4.ip_forward = 1
=== iptables
=== subnet.env
=== wg
`;

/** @param answers one after the other; the last again and again. */
function cluster(answers: readonly string[], backend = 'host-gw'): Pick<Cluster, 'plan' | 'nodes' | 'kubeconfig'> {
  const wish = { servers: 1, agents: 0, backend: 'host-gw', loadBalancer: 'keepalived', substrate: 'bare' };
  const plan = planCluster(wish, { tools: 't', app: 'a', subnet: null });
  let asked = 0;
  const exec = async () => ({ stdout: answers[Math.min(asked++, answers.length - 1)] ?? '', stderr: '', exitCode: 0 });
  const node = { name: 'server-0', address: '198.18.7.10', side: { exec } } as unknown as ClusterNode;
  return {
    plan: { ...plan, spec: { ...plan.spec, backend: backend as 'none' } },
    nodes: [node],
    kubeconfig: undefined,
  };
}

async function eventsOf(...given: Parameters<typeof cluster>) {
  const history = memoryHistory();
  await checkGolden(cluster(...given), 'healed', { history, signal, withinMs: 1_500 });
  return history.events.map(({ seq: _seq, at: _at, wall: _wall, ...event }) => event);
}

const whole = { type: 'golden', node: 'server-0', when: 'healed', backend: 'host-gw', missing: [], extra: [] };

test('a node that is as it should be is written down once, with how much was compared', async () => {
  expect(await eventsOf([says()])).toEqual([{ ...whole, checked: 5 }]);
});

test('what Flannel repairs by itself in time is no difference, but it is told', async () => {
  const [note, golden] = await eventsOf([says(stale), says()]);
  expect(golden).toEqual({ ...whole, checked: 5 });
  expect(note).toMatchObject({
    type: 'note',
    level: 'info',
    text: expect.stringContaining('became whole by itself; at first server-0: + route 10.42.9.0/24'),
  });
});

test('what stays is written down as it last was', async () => {
  expect(await eventsOf([says(stale)])).toEqual([
    { ...whole, checked: 5, extra: ['route 10.42.9.0/24 via 198.18.7.19 dev eth0'] },
  ]);
});

test('a node that cannot be read is an error, and not a node that is whole', async () => {
  await expect(eventsOf(['=== link\n[]\n'])).rejects.toThrow('no section "addr"');
});

test('with a CNI of your own nothing is compared, and the history says why', async () => {
  expect(await eventsOf([says()], 'none')).toEqual([
    { type: 'note', level: 'info', text: expect.stringContaining('a CNI of your own programs it') },
  ]);
});
