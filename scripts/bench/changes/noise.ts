/** The noise of this project's own measurements: how measured / expected scatters from run to run, by load balancer. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSet, type SetVerdict } from '@faultline/checker';

/** What sets of repeats left in the repository. */
export const EVIDENCE = 'docs/evidence';

/** The noise as it was when the document was written: evidence that comes later does not make the document wrong. */
export const NOISE = 'scripts/bench/changes/noise.json';

export interface Noise {
  /** `kube-vip-arp 5/3/1`. */
  readonly label: string;
  /** Of the natural logarithm of measured / expected, about their mean. */
  readonly residuals: readonly number[];
  /** Their standard deviation. */
  readonly spread: number;
}

export async function keptNoise(root: string): Promise<readonly Noise[]> {
  return JSON.parse(await readFile(join(root, NOISE), 'utf8')) as readonly Noise[];
}

/** Of every set of repeats of which something was promised, as they lie in the repository now. */
export async function ownNoise(root: string): Promise<readonly Noise[]> {
  const folder = join(root, EVIDENCE);
  const names = (await readdir(folder)).filter((name) => name.startsWith('set-')).toSorted();
  const sets: SetVerdict[] = [];
  for (const name of names)
    sets.push(parseSet(await readFile(join(folder, name, 'set.json'), 'utf8'), join(EVIDENCE, name)));
  return sets.flatMap(noiseOf);
}

function noiseOf({ label, envelope, probes }: SetVerdict): readonly Noise[] {
  const back = probes.find(({ probe }) => probe === envelope?.probe)?.back;
  if (!envelope || !back) return [];
  const logs = back.values.map((ms) => Math.log(ms / envelope.medianMs));
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  // Drawing from a sample makes less noise than what it was drawn from: by (n - 1) / n of the variance.
  const widen = Math.sqrt(logs.length / (logs.length - 1));
  const residuals = logs.map((log) => Math.round((log - mean) * widen * 1e6) / 1e6);
  const spread = Math.sqrt(residuals.reduce((sum, log) => sum + log ** 2, 0) / logs.length);
  return [{ label, residuals, spread: Math.round(spread * 1e6) / 1e6 }];
}
