import { describe, expect, test } from 'vitest';
import { compareOne, disagreements, manifestOf } from './compare.ts';
import type { Compared } from './compare.ts';
import { worldOf } from './draw.ts';
import { reachability, type Cell } from './evaluate.ts';
import { mayConnectByOneChain } from './one-chain.ts';
import { policyOf } from './policy.ts';
import { summed, tableSays } from './truth-table.ts';

const cell = (isOpen: boolean, port = 'http'): Cell => ({ from: 'x/a', to: 'y/a', port, isOpen });

test('only what was seen otherwise is a disagreement, in either direction', () => {
  expect(disagreements([cell(true), cell(false, 'echo')], [cell(true), cell(false, 'echo')])).toEqual([]);
  expect(disagreements([cell(true)], [cell(false)])).toEqual([cell(false)]);
  expect(disagreements([cell(false)], [cell(true)])).toEqual([cell(true)]);
});

const compared = (change: Partial<Compared>): Compared => ({
  index: 0,
  policies: [policyOf('x', 'drawn-0', { podSelector: {} })],
  cells: 216,
  shut: 72,
  disagreements: [],
  unexplained: [],
  enforcedMs: 100,
  looks: 2,
  ...change,
});

test('the table says how many cells were otherwise, with one of them and its policies', () => {
  const table = summed([compared({}), compared({ index: 1, disagreements: [cell(true)], enforcedMs: null })]);
  expect(table.disagreements.map(({ index }) => index)).toEqual([1]);
  expect(tableSays(table)).toContain(
    '2 sets, 2 policies, 432 cells, 144 of them shut: 1 cells of 1 sets otherwise, 0 of them for another reason',
  );
  expect(tableSays(table)).toContain('for example set 1: x/a to y/a http open, with [{"x":{"podSelector":{}}}]');
});

test('times are those of sets that shut something: to open what is open takes none', () => {
  const table = summed([
    compared({ enforcedMs: 300 }),
    compared({ shut: 0, enforcedMs: 5 }),
    compared({ enforcedMs: 100 }),
  ]);
  expect(table.enforced).toEqual({ median: 200, longest: 300 });
  expect(summed([]).enforced).toEqual({ median: null, longest: null });
});

test('what YAML calls from is applied by the name that the Kubernetes client knows', () => {
  const from = [{ podSelector: {} }];
  const policy = policyOf('x', 'drawn-0', { podSelector: {}, ingress: [{ from, ports: [{ port: 1 }] }, {}] });
  expect(manifestOf(policy)['spec']).toEqual({ podSelector: {}, ingress: [{ _from: from, ports: [{ port: 1 }] }, {}] });
  expect(manifestOf(policyOf('x', 'drawn-0', { podSelector: {} }))['spec']).toEqual({ podSelector: {} });
});

describe('a set of policies', () => {
  const world = worldOf((namespace, pod) => `10.42.${'xyz'.indexOf(namespace)}.${11 + 'abc'.indexOf(pod)}`);
  const both = { podSelector: {}, policyTypes: ['Ingress', 'Egress'], egress: [{}] } as const;
  const drawn = { index: 0, policies: [policyOf('x', 'drawn-0', both)] };
  const done: string[] = [];
  const kube = {
    apply: async ({ metadata }: { metadata: { name: string } }) => void done.push(`apply ${metadata.name}`),
    remove: async ({ metadata }: { metadata: { name: string } }) => void done.push(`remove ${metadata.name}`),
  };
  const { signal } = new AbortController();
  /** A cluster that shows these one after the other, and the last of them from then on. */
  const ended = (...looks: (readonly Cell[])[]) => {
    const look = async () => (looks.length > 1 ? looks.shift() : looks[0]) ?? [];
    return compareOne(kube, { world, look, [Symbol.asyncDispose]: async () => {} }, drawn, signal);
  };
  const open = reachability(world, []);
  const specified = reachability(world, drawn.policies);
  const byOneChain = reachability(world, drawn.policies, mayConnectByOneChain);

  test('is done when it was as specified twice in a row, and its policies are gone again', async () => {
    done.length = 0;
    expect(await ended(open, specified, open, specified)).toMatchObject({ disagreements: [], looks: 5 });
    expect(done).toEqual(['apply drawn-0', 'remove drawn-0']);
  });

  test('that stays as one chain has it disagrees, and is explained', async () => {
    const { disagreements: wrong, unexplained, enforcedMs } = await ended(open, byOneChain);
    expect([wrong.length > 0, unexplained, enforcedMs]).toEqual([true, [], null]);
  });
});
