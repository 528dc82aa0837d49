/** A bundle as the files of its archive, and back. Pure. */
import { parseAllDocuments, stringify } from 'yaml';
import { z } from 'zod';
import { defineScenario, ScenarioError, type FaultInput, type Scenario } from '@faultline/scenario/plan';
import type { KubeObject } from '@faultline/traefik';
import { BUNDLE_VERSION, type About, type Bundle, type BundledScenario } from './bundle.ts';
import { KEPT } from '../collect/kinds.ts';
import { isRaw, keptObject, nameOf, type RawObject } from '../collect/object.ts';
import { Omissions } from '../collect/omissions.ts';
import { readmeOf } from './readme.ts';
import { BundleError } from './refused.ts';
import { aboutSchema, eventsSchema } from './schema.ts';

/** Path in the archive -> content. */
export type Files = ReadonlyMap<string, string>;

export function filesOf(bundle: Bundle): Files {
  const { about, scenario, objects, events } = bundle;
  return new Map([
    ['README.md', readmeOf(bundle)],
    ['bundle.json', json(about)],
    ['scenario.json', json(scenario)],
    ...objects.map((object, index) => [pathOf(object, index), yaml(object)] as const),
    ['events.json', json(events)],
  ]);
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const yaml = (object: KubeObject): string => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false });

function pathOf({ kind, metadata }: KubeObject, index: number): string {
  const words = [String(index + 1).padStart(3, '0'), kind, metadata.namespace, metadata.name].filter(Boolean);
  return `objects/${words
    .join('-')
    .replaceAll(/[^A-Za-z0-9.-]+/g, '-')
    .slice(0, 120)}.yaml`;
}

/** @throws BundleError naming the file, what is wrong with it, and what is allowed. */
export function bundleOf(files: Files): Bundle {
  const about = checked('bundle.json', upgraded(parsed(files, 'bundle.json')), aboutSchema);
  const scenario = parsed(files, 'scenario.json') as BundledScenario;
  scenarioOf(scenario);
  return {
    about,
    scenario,
    objects: [...files].filter(([path]) => /^objects\/[^/]+\.yaml$/.test(path)).flatMap(objectsIn),
    events: checked('events.json', parsed(files, 'events.json'), eventsSchema),
  };
}

/** A cluster without a fault is checked with one: all other words are the same. */
const ANY_FAULT: FaultInput = { kind: 'node-pause', target: { select: 'agent', index: 0 }, lasting: '10s' };

/**
 * The scenario of a bundle, checked, with its defaults; where it has no fault, without faults.
 * @throws BundleError
 */
export function scenarioOf(scenario: BundledScenario): Scenario {
  const isPlain = Array.isArray(scenario?.faults) && scenario.faults.length === 0;
  try {
    if (!isPlain) return defineScenario(scenario);
    const checks = [{ checks: [{ check: 'nodes-ready' as const, butTarget: true }] }];
    return { ...defineScenario({ ...scenario, faults: [ANY_FAULT], expect: checks }), faults: [], expect: [] };
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    throw new BundleError(`scenario.json: ${error.message}`);
  }
}

function parsed(files: Files, name: string): unknown {
  const text = files.get(name);
  if (text === undefined)
    throw new BundleError(`no ${name} in it: it is no bundle. Allowed: what faultline capture or a failed run wrote`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BundleError(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** upgrades[n] turns what a bundle of version n says of itself into what one of version n + 1 does. */
const upgrades: Readonly<Record<number, (about: unknown) => unknown>> = {};

function upgraded(read: unknown): unknown {
  const { version } = (read ?? {}) as { version?: unknown };
  if (typeof version === 'number' && version > BUNDLE_VERSION) {
    throw new BundleError(
      `bundle.json: version ${version}. This faultline reads up to ${BUNDLE_VERSION}. Next: a newer faultline`,
    );
  }
  let about = read;
  for (let from = Number(version); from < BUNDLE_VERSION; from++) about = upgrades[from]?.(about) ?? about;
  return about;
}

function checked<T>(name: string, value: unknown, schema: z.ZodType<T>): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new BundleError(`${name}:\n${z.prettifyError(result.error)}`);
}

function objectsIn([path, text]: readonly [string, string]): readonly KubeObject[] {
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors;
    const raw: unknown = error ? undefined : document.toJS();
    if (!isRaw(raw)) {
      throw new BundleError(
        `${path}: ${error?.message.split('\n')[0] ?? 'no object with apiVersion, kind and metadata.name'}`,
      );
    }
    return listed(path, raw);
  });
}

/** What is applied to a cluster is what a capture would have kept, and nothing that somebody wrote in: no pod as he likes it. */
function listed(path: string, raw: RawObject): KubeObject {
  const omissions = new Omissions();
  const object = keptObject(raw, omissions);
  const [left] = omissions.all();
  if (object && !left) return object;
  throw new BundleError(
    `${path}: ${left?.what ?? nameOf(raw)}: ${left?.why ?? 'it has no name that can be kept'}. ` +
      `Allowed: what faultline capture keeps, of ${Object.keys(KEPT).join(', ')}`,
  );
}

/** What a bundle says of itself, from the parts that every kind of bundle has. */
export const aboutOf = (parts: Omit<About, 'version'>): About => ({ version: BUNDLE_VERSION, ...parts });
