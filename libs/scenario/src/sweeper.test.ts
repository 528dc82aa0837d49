import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import type { Cluster } from '@faultline/cluster';
import type { Commander, Running } from '@faultline/control';
import { memoryHistory } from '@faultline/history';
import type { Askable, Endpoint, Workload } from '@faultline/workload';
import { expect, test } from 'vitest';
import { Sweeper } from './sweeper.ts';

const { signal } = new AbortController();
const NODES = ['server-0', 'agent-0'];
const pods = NODES.flatMap((node, index): Endpoint[] =>
  ['a', 'b'].map((letter, which) => {
    const pod = `pod-${index}${letter}`;
    return { pod, node, address: `10.42.${index}.1${which}`, port: 8181, netns: `/run/netns/${pod}` };
  }),
);

interface Asked {
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/** Nodes that answer what `isLost` does not say, and remember in which namespace they were asked what. */
function stage({
  isLost = () => false,
  found = [pods],
}: { isLost?: (ask: Asked) => boolean; found?: Endpoint[][] } = {}) {
  const copied: string[] = [];
  const asked: { from: string; netns: string | undefined; paths: string[] }[] = [];
  const side = (name: string): Commander =>
    ({
      name,
      copyIn: async () => void copied.push(name),
      start: async (argv: readonly string[]): Promise<Running> => {
        const netns = argv.find((word) => word.startsWith('--net='));
        const stdout = new PassThrough();
        const stdin = new PassThrough();
        stdout.write('ready\n');
        createInterface({ input: stdin }).on('line', (line) => {
          const { asks } = JSON.parse(line) as { asks: Asked[] };
          asked.push({ from: name, netns, paths: [...new Set(asks.map(({ path }) => path))] });
          const told = asks.map((ask) => ({ asked: 3, lost: isLost(ask) ? 3 : 0, sourceKept: true, detail: '' }));
          stdout.write(`${JSON.stringify(told)}\n`);
        });
        const exited = new Promise<number>(() => {});
        return { stdin, stdout, stderr: new PassThrough(), exited, [Symbol.asyncDispose]: async () => {} };
      },
    }) as unknown as Commander;
  const cluster = { nodes: NODES.map((name, index) => ({ name, address: `198.18.7.1${index}`, side: side(name) })) };
  const given: string[] = [];
  let looks = 0;
  const workload = {
    spec: { replicas: pods.length },
    endpoints: async () => found[Math.min(looks++, found.length - 1)],
    askable: async (each: readonly Endpoint[]): Promise<Askable> => {
      given.push(...each.map(({ pod }) => pod));
      const services = each.map(({ node }, index) => ({ node, address: `10.43.0.5${index}`, port: 80 }));
      return { services, nodePort: 10_250, dns: { address: '10.43.0.10', node: 'agent-0', names: ['a.test'] } };
    },
  };
  const history = memoryHistory();
  const options = {
    cluster: cluster as unknown as Cluster,
    workload: workload as unknown as Workload,
    history,
    signal,
  };
  return { sweeper: new Sweeper(options), history, asked, copied, given };
}

test('the first pod of each node asks, the last one is asked, also by the Service of the node', async () => {
  const { sweeper, history, asked, copied, given } = stage();
  await sweeper.prepare();
  expect([given, copied]).toEqual([['pod-0b', 'pod-1b'], NODES]);
  asked.length = 0;
  expect(await sweeper.sweep('before')).toBe(true);
  expect(asked.map(({ from, netns }) => [from, netns])).toEqual([
    ['server-0', '--net=/proc/1/root/run/netns/pod-0a'],
    ['server-0', undefined],
    ['agent-0', '--net=/proc/1/root/run/netns/pod-1a'],
    ['agent-0', undefined],
  ]);
  const [event] = history.events;
  expect(event).toMatchObject({ type: 'sweep', when: 'before' });
  expect(event?.type === 'sweep' && event.cells).toHaveLength(6 * 4 + 2);
});

test('a cell that is lost is said, so that nothing is injected', async () => {
  const { sweeper } = stage({ isLost: ({ path, to }) => path === 'pod-pod' && to === 'agent-0' });
  await sweeper.prepare();
  expect(await sweeper.sweep('before')).toBe(false);
});

test('a node that is late to say what it runs is waited for', async () => {
  const { sweeper, given } = stage({ found: [pods.slice(0, 2), pods] });
  await sweeper.prepare();
  expect(given).toEqual(['pod-0b', 'pod-1b']);
});

test('a Service that is new is waited for, until every node reaches it', async () => {
  let asks = 0;
  const { sweeper, asked } = stage({ isLost: ({ path }) => path === 'node-service' && asks++ < 4 });
  await sweeper.prepare();
  expect(asked.every(({ paths }) => paths.join() === 'node-service')).toBe(true);
  expect(asked).toHaveLength(4);
});

test('after healing everyone is asked until everyone is reached, as a node whose k3s starts again is late', async () => {
  let asks = 0;
  const isLost = ({ path, to }: Asked) => path === 'pod-node' && to === 'agent-0' && asks++ < 3;
  const { sweeper, history } = stage({ isLost });
  await sweeper.prepare();
  await sweeper.untilWhole(5000);
  expect(asks).toBeGreaterThan(3);
  expect(await sweeper.sweep('after')).toBe(true);
  expect(history.events.filter(({ type }) => type === 'note')).toEqual([]);
});

test('who is never reached again holds nothing up for longer than was said, and is named', async () => {
  const { sweeper, history } = stage({ isLost: ({ path, to }) => path === 'pod-node' && to === 'agent-0' });
  await sweeper.prepare();
  await sweeper.untilWhole(500);
  expect(await sweeper.sweep('after')).toBe(false);
  expect(JSON.stringify(history.events[0])).toContain('pod-node server-0 → agent-0');
});
