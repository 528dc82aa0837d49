/** The truth table as one question: of so many drawn sets of policies, in how many cells is the cluster of another opinion? */
import { median } from '@faultline/checker';
import { MILLISECOND, systemClock } from '@faultline/history';
import { kubeOf } from '@faultline/workload';
import type { Rig } from '../rig.ts';
import { compareOne, disagreements, type Compared, type Drawn } from './compare.ts';
import { drawPolicies } from './draw.ts';
import { reachability } from './evaluate.ts';
import { setStage, type Stage } from './live.ts';

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
  /** False: nothing is applied, so that the cluster must be of another opinion. */
  readonly isApplied: boolean;
}

/** What a busy host needs for a hundred policies; a table that takes longer is told as far as it came. */
const LONGEST_MS = 390_000;

export async function truthTable(rig: Rig, { seed, policies, isApplied }: TableOptions): Promise<TruthTable> {
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
    const drawn: Drawn = { index, policies: drawPolicies(seed, index, stage.world) };
    compared.push(isApplied ? await compareOne(kube, stage, drawn, rig.signal) : await compareNone(stage, drawn));
  }
  return summed(compared);
}

async function compareNone(stage: Stage, { index, policies }: Drawn): Promise<Compared> {
  const wanted = reachability(stage.world, policies);
  const wrong = disagreements(wanted, await stage.look());
  const shut = wanted.filter(({ isOpen }) => !isOpen).length;
  return { index, policies, cells: wanted.length, shut, disagreements: wrong, enforcedMs: null, looks: 1 };
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
  const cellsWrong = wrong.reduce((sum, one) => sum + one.disagreements.length, 0);
  const [first] = wrong;
  const example = first
    ? `; the first: set ${first.index}, ${first.disagreements
        .slice(0, 3)
        .map(({ from, to, port, isOpen }) => `${from} to ${to} ${port} ${isOpen ? 'open' : 'shut'}`)
        .join(
          ', ',
        )}, with ${JSON.stringify(first.policies.map(({ metadata, spec }) => ({ [metadata.namespace]: spec })))}`
    : '';
  const times =
    enforced.median === null ? '' : `; enforced after ${enforced.median} ms (median), ${enforced.longest} ms at most`;
  return (
    `${sets} sets, ${policies} policies, ${cells} cells, ${shut} of them shut: ` +
    `${cellsWrong} cells of ${wrong.length} sets otherwise${times}${example}`
  );
}
