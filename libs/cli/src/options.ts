/** The options that several commands share, checked before anything is touched. */
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  backendNamed,
  checkCni,
  controllers,
  loadBalancers,
  type BackendName,
  type Cni,
  type Settings,
} from '@faultline/cluster/plan';
import { spoken, type ScenarioCell } from '@faultline/scenario/plan';
import { oneOf, wholeNumber } from './allowed.ts';
import { UsageError } from './exit.ts';

export type Given = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export const MOST_REPEATS = 300;

export const text = (value: Given[string]): string | undefined => (typeof value === 'string' ? value : undefined);

/** The seed given, or a random one: it is printed, and gives the same plan again. */
export function seedOf(options: Given): number {
  const given = text(options['seed']);
  return given === undefined ? randomInt(2 ** 32) : wholeNumber('seed', given, { min: 0, max: 2 ** 32 - 1 });
}

/** The factors of the cell that were asked for by name. @throws UsageError naming the nearest and all that are allowed. */
export function wantedFactors(options: Given): Partial<ScenarioCell> {
  const backend = wantedBackend(options);
  const lb = text(options['lb']);
  const controller = text(options['controller']);
  const trafficPolicy = text(options['trafficPolicy']);
  return {
    ...(backend !== undefined && { backend }),
    ...(lb !== undefined && {
      loadBalancer: oneOf(
        'load balancer',
        lb,
        Object.values(loadBalancers).map(({ name }) => name),
      ),
    }),
    ...(controller !== undefined && {
      controller: oneOf(
        'controller layout',
        controller,
        Object.values(controllers).map(({ name }) => name),
      ),
    }),
    ...(trafficPolicy !== undefined && {
      trafficPolicy: oneOf('traffic policy', trafficPolicy, ['Cluster', 'Local'] as const),
    }),
  };
}

/** A CNI of one's own needs no second word to say that Flannel is not wanted. */
function wantedBackend(options: Given): BackendName | undefined {
  const cni = cniOf(options);
  const named = text(options['backend']);
  const backend = named === undefined ? cni && 'none' : backendNamed(named);
  if (backend) checkCni(backend, cni);
  return backend;
}

/** @throws UsageError where the file cannot be read. */
export function cniOf(options: Given): Cni | undefined {
  const path = text(options['cni']);
  if (path === undefined) return undefined;
  try {
    return { name: basename(path), manifest: readFileSync(path, 'utf8') };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(
      `--cni ${path}: ${reason}. Allowed: a file with the manifest of a CNI, as in docs/cni/calico.md`,
    );
  }
}

/** `key=value` words: numbers and booleans are what they look like. @throws UsageError */
export function keyValues(option: string, words: unknown, example: string): Settings {
  const pairs = Array.isArray(words) ? words.map(String) : [];
  return Object.fromEntries(
    pairs.map((pair) => {
      const [key, value] = pair.split('=', 2);
      if (!key || value === undefined)
        throw new UsageError(`${option} "${pair}" is not allowed. Allowed: key=value, e.g. ${option} ${example}`);
      if (value === 'true' || value === 'false') return [key, value === 'true'];
      return [key, /^\d+$/.test(value) ? Number(value) : value];
    }),
  );
}

/** What was asked of the load balancer beyond its name. */
export const settingsOf = (options: Given): Settings => keyValues('--lb-set', options['lbSet'], 'timing=5/3/1');

const FLAGS: Readonly<Record<keyof ScenarioCell, string>> = {
  substrate: '--substrate',
  backend: '--backend',
  loadBalancer: '--lb',
  controller: '--controller',
  trafficPolicy: '--traffic-policy',
};

/** The command that repeats a run, whatever was left to chance or to the host the first time. */
export function replayCommand(
  scenario: string,
  cell: ScenarioCell,
  seed: number,
  options: Given,
  k3s: string | undefined,
): string {
  const words = ['npx faultline run', scenario];
  for (const [factor, value] of spoken(cell)) words.push(FLAGS[factor as keyof ScenarioCell], value);
  const settings = Object.entries(settingsOf(options));
  if (settings.length > 0) words.push('--lb-set', ...settings.map(([key, value]) => `${key}=${value}`));
  if (k3s) words.push('--k3s', k3s);
  for (const name of ['cni', 'app', 'subnet']) {
    const value = text(options[name]);
    if (value !== undefined) words.push(`--${name}`, value);
  }
  return [...words, '--seed', String(seed)].join(' ');
}
