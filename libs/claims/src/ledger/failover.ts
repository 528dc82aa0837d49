/** What dies, and who notices when: read from scenarios that were measured. */
import { DEFAULT_HOST } from '@faultline/workload/plan';
import { clusterClaim, measuredClaim, seen, type Claim } from '../claim.ts';
import { checkOf, type KeptVerdict } from '../kept.ts';
import type { Rig } from '../rig.ts';
import { service } from './objects.ts';
import { stopK3s } from './restart.ts';

/** 50 requests a second for 20 s, each by a connection of its own, in the client container. */
const LOAD = `const http = require('node:http');
const [host, name] = process.argv.slice(1);
const how = {}; let of = 0, open = 0;
const count = (what) => { how[what] = (how[what] ?? 0) + 1; if (--open === 0 && of >= 1000) end(); };
const end = () => console.log(JSON.stringify({ of, lost: of - (how[200] ?? 0), how }));
const timer = setInterval(() => {
  of++; open++;
  http.get({ host, path: '/users/1', headers: { host: name }, agent: false, timeout: 8000 }, (response) => {
    response.resume().on('end', () => count(response.statusCode));
  }).on('timeout', function () { this.destroy(new Error('timeout')); }).on('error', (error) => count(error.code ?? error.message));
  if (of >= 1000) clearInterval(timer);
}, 20);`;

export const failover: readonly Claim[] = [
  measuredClaim({
    id: 'A56',
    sentence: 'With 8472/udp blocked on a node, pods reach none on other nodes, while every node stays Ready.',
    stands: ['S0', 'Port requirements'],
    predicted: ['true', 'nothing in Flannel looks whether a tunnel works, and the lease goes over 6443'],
    here: { is: 'the backend vxlan', of: { scenario: 'block-vxlan', cell: { backend: 'vxlan' } } },
    twin: {
      is: 'the backend host-gw, which needs no tunnel',
      shows: 'control',
      of: { scenario: 'block-vxlan', cell: { backend: 'host-gw' } },
    },
    ask: (verdict: KeptVerdict) => {
      const reach = verdict.checks.find(({ check }) => check.startsWith('reachability'));
      const [cut = 0, pairs = 0] = (reach?.reason.match(/\d+/g) ?? []).map(Number);
      const isReady = checkOf(verdict, 'nodes-ready').outcome === 'pass';
      return seen(
        cut > 0 && isReady,
        `${cut} of ${pairs} pairs of nodes were cut off; ${checkOf(verdict, 'nodes-ready').reason}`,
      );
    },
  }),
  clusterClaim({
    id: 'A114',
    sentence: 'A rollout of the app loses no request.',
    stands: ['ledger', 'Traefik, terminating endpoints'],
    predicted: ['true with a limit', 'not where the app leaves at once at SIGTERM'],
    setUp: 'default',
    alone: true,
    here: { is: 'pods that answer for 10 s more', of: '10000' },
    twin: { is: 'pods that leave at once', shows: 'limit', of: '0' },
    ask: async (rig: Rig, drainMs: string) => {
      const set = (value: string) => rig.kubectl('set', 'env', 'deployment/userlist', `DRAIN_MS=${value}`);
      const status = () => rig.said('rollout', 'status', 'deployment/userlist', '--timeout=20s');
      const settled = () => rig.until('it is rolled out', 90_000, status, ({ exitCode }) => exitCode === 0);
      rig.defer(async () => (await set('5000'), await settled()));
      await set(drainMs);
      await settled();
      await rig.kubectl('rollout', 'restart', 'deployment/userlist');
      const argv = ['node', '-e', LOAD, rig.server.address, DEFAULT_HOST];
      const { stdout } = await rig.cluster.client.exec(argv, { signal: rig.signal, timeoutMs: 60_000 });
      await settled();
      const { lost, of, how } = JSON.parse(stdout) as {
        lost: number;
        of: number;
        how: Readonly<Record<string, number>>;
      };
      return seen(lost === 0, `${lost} of ${of} requests lost in 20 s; ${JSON.stringify(how)}`);
    },
  }),
  clusterClaim({
    id: 'A120',
    sentence: 'A headless Service goes on naming a pod whose node has died.',
    stands: ['S2', '8.1 Headless Service'],
    predicted: ['true', 'until the node is NotReady, 40 to 55 s later'],
    setUp: 'default',
    alone: true,
    here: { is: 'k3s on its node stopped: to the API that node is dead', of: 'node' },
    twin: { is: 'the pod deleted', shows: 'control', of: 'pod' },
    ask: async (rig: Rig, dies: 'node' | 'pod') => {
      const { name, namespace } = rig;
      const [pod] = await rig.pods('alone', ['agent-1']);
      if (!pod) throw new Error('no pod');
      await rig.apply(service(name, { clusterIP: 'None', selector: { app: 'alone' } }, { namespace }));
      const ask = () => rig.resolved({ at: rig.server.side }, `${name}.${namespace}.svc.cluster.local`);
      const isNamed = (found: readonly string[]) => found.includes(pod.address);
      await rig.until('its name', 15_000, ask, isNamed);
      if (dies === 'pod') await rig.kubectl('delete', 'pod', pod.name, '--namespace', namespace, '--wait=false');
      else await stopK3s(rig, 'agent-1');
      const found = await rig.until('it is gone', 20_000, ask, (all) => !isNamed(all)).catch(ask);
      return seen(isNamed(found), `20 s later at the latest: ${found.join(', ')}`);
    },
  }),
];
