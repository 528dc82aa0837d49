/** The options that several commands share, checked before anything is touched. */
import { randomInt } from 'node:crypto';
import { backends, loadBalancers } from '@faultline/cluster/plan';
import type { ScenarioCell } from '@faultline/scenario/plan';
import { oneOf, wholeNumber } from './allowed.ts';

export type Given = Readonly<Record<string, string | boolean | undefined>>;

export const text = (value: Given[string]): string | undefined => (typeof value === 'string' ? value : undefined);

/** The seed given, or a random one: it is printed, and gives the same plan again. */
export function seedOf(options: Given): number {
  const given = text(options['seed']);
  return given === undefined ? randomInt(2 ** 32) : wholeNumber('seed', given, { min: 0, max: 2 ** 32 - 1 });
}

/** The factors of the cell that were asked for by name. @throws UsageError naming the nearest and all that are allowed. */
export function wantedFactors(options: Given): Partial<ScenarioCell> {
  const backend = text(options['backend']);
  const lb = text(options['lb']);
  return {
    ...(backend !== undefined && {
      backend: oneOf(
        'backend',
        backend,
        Object.values(backends).map(({ name }) => name),
      ),
    }),
    ...(lb !== undefined && {
      loadBalancer: oneOf(
        'load balancer',
        lb,
        Object.values(loadBalancers).map(({ name }) => name),
      ),
    }),
  };
}

/** The command that repeats a run, whatever was left to chance or to the host the first time. */
export function replayCommand(
  scenario: string,
  cell: ScenarioCell,
  seed: number,
  options: Given,
  k3s: string | undefined,
): string {
  const words = [
    'npx faultline run',
    scenario,
    '--substrate',
    cell.substrate,
    '--backend',
    cell.backend,
    '--lb',
    cell.loadBalancer,
  ];
  if (k3s) words.push('--k3s', k3s);
  for (const name of ['app', 'subnet']) {
    const value = text(options[name]);
    if (value !== undefined) words.push(`--${name}`, value);
  }
  return [...words, '--seed', String(seed)].join(' ');
}
