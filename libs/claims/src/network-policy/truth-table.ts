/** The truth table as one question: of so many drawn sets of policies, in how many cells is the cluster of another opinion? */
import { median } from '@faultline/checker';
import { MILLISECOND, systemClock } from '@faultline/history';
import { kubeOf } from '@faultline/workload';
import type { Rig } from '../rig.ts';
import { compareOne, type Compared } from './compare.ts';
import { drawPolicies, type Directions } from './draw.ts';
import { setStage } from './live.ts';

export interface TruthTable {
  readonly sets: number;
  readonly policies: number;
  readonly cells: number;
  readonly shut: number;
  readonly disagreements: readonly Compared[];
  /** Milliseconds, of the sets that shut anything. */
  readonly enforced: { readonly median: number | null; readonly longest: number | null };
}

export interface TableOptions {
  readonly seed: number;
  /** So many policies at least, and their sets whole. */
  readonly policies: number;
  /** How many directions one policy may be about. */
  readonly directions: Directions;
}

/** What a busy host needs for a hundred policies; a table that takes longer is told as far as it came. */
const LONGEST_MS = 240_000;

export async function truthTable(rig: Rig, { seed, policies, directions }: TableOptions): Promise<TruthTable> {
  await using stage = await setStage(rig);
  const { kubeconfig } = rig.cluster;
  if (kubeconfig === undefined) throw new Error('a cluster without Kubernetes has no policies');
  const kube = await kubeOf(kubeconfig);
  const shut = async () => (await stage.look()).filter(({ isOpen }) => !isOpen);
  await rig.until('without a policy everybody reaches everybody', 60_000, shut, ({ length }) => length === 0);
  const begin = systemClock.now();
  const compared: Compared[] = [];
  const isOver = () => summed(compared).policies >= policies || systemClock.now() - begin > LONGEST_MS * MILLISECOND;
  for (let index = 0; !isOver(); index++) {
    const drawn = { index, policies: drawPolicies(seed, index, stage.world, directions) };
    compared.push(await compareOne(kube, stage, drawn, rig.signal));
  }
  return summed(compared);
}

export function summed(compared: readonly Compared[]): TruthTable {
  const total = (of: (one: Compared) => number) => compared.reduce((sum, one) => sum + of(one), 0);
  const times = compared.flatMap(({ enforcedMs, shut }) => (enforcedMs !== null && shut > 0 ? [enforcedMs] : []));
  return {
    sets: compared.length,
    policies: total(({ policies }) => policies.length),
    cells: total(({ cells }) => cells),
    shut: total(({ shut }) => shut),
    disagreements: compared.filter(({ disagreements: wrong }) => wrong.length > 0),
    enforced: {
      median: times.length > 0 ? (median(times) ?? null) : null,
      longest: times.length > 0 ? Math.max(...times) : null,
    },
  };
}

export function tableSays({ sets, policies, cells, shut, disagreements: wrong, enforced }: TruthTable): string {
  const count = (of: (one: Compared) => readonly unknown[]) => wrong.reduce((sum, one) => sum + of(one).length, 0);
  const cellsWrong = count(({ disagreements }) => disagreements);
  const unexplained = count((one) => one.unexplained);
  const because =
    cellsWrong === 0
      ? ''
      : `, ${unexplained} of them for another reason than one chain for both directions of a policy`;
  const [first] = wrong.toSorted((a, b) => b.unexplained.length - a.unexplained.length);
  const times =
    enforced.median === null ? '' : `; enforced after ${enforced.median} ms (median), ${enforced.longest} ms at most`;
  return (
    `${sets} sets, ${policies} policies, ${cells} cells, ${shut} of them shut: ` +
    `${cellsWrong} cells of ${wrong.length} sets otherwise${because}${times}${first ? exampleOf(first) : ''}`
  );
}

function exampleOf({ index, disagreements, policies }: Compared): string {
  const some = disagreements
    .slice(0, 3)
    .map(({ from, to, port, isOpen }) => `${from} to ${to} ${port} ${isOpen ? 'open' : 'shut'}`);
  const specs = policies.map(({ metadata, spec }) => ({ [metadata.namespace]: spec }));
  return `; for example set ${index}: ${some.join(', ')}, with ${JSON.stringify(specs)}`;
}
