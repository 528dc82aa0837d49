/** What a run that was made, for whatever reason, says of the track record. */
import { dirname, join, resolve } from 'node:path';
import { glob, readFile, stat } from 'node:fs/promises';
import { readHistory, type EventOf } from '@faultline/history';
import { readResults } from '@faultline/claims';
import { signIn } from '@faultline/incident';
import { SIDES, trackResult, type Incident, type RunOf, type Side, type TrackResult } from '@faultline/incident/plan';
import { UsageError } from '../exit.ts';

type Begin = EventOf<'run.begin'>;

const DEFAULTS = { controller: 'default', trafficPolicy: 'Cluster' };

/** Whether the run is the one that is asked: its scenario, all factors of its cell, no setting besides, and the release. */
export function isAsked({ scenario, cell }: RunOf, k3s: string, begin: Begin): boolean {
  const factors = Object.entries({ ...DEFAULTS, substrate: begin.substrate, ...begin.cell });
  const wanted: Readonly<Record<string, string>> = { ...DEFAULTS, ...cell };
  if (begin.scenario !== scenario || factors.length !== Object.keys(wanted).length) return false;
  if (cell.substrate === 'k3s' && begin.versions['k3s'] !== k3s) return false;
  return factors.every(([factor, value]) => wanted[factor] === value);
}

/** What the run in this folder shows, of every incident that asks for just this run. */
export async function shownByRun(folder: string, incidents: readonly Incident[]): Promise<readonly TrackResult[]> {
  // A history may be long: that of a scenario that nobody asks for is not read.
  const { scenario } = JSON.parse(await readFile(join(folder, 'plan.json'), 'utf8')) as { scenario?: string };
  const asking = incidents.filter(
    ({ asked }) => asked.by === 'scenario' && SIDES.some((side) => asked[side].scenario === scenario),
  );
  if (asking.length === 0) return [];
  const events = await readHistory(join(folder, 'history.ndjson'));
  const begin = events.find(({ type }) => type === 'run.begin');
  if (begin?.type !== 'run.begin') return [];
  return asking.flatMap((incident) => SIDES.flatMap((side) => resultOf(incident, side, { begin, events })));
}

interface Run {
  readonly begin: Begin & { readonly wall?: string };
  readonly events: Awaited<ReturnType<typeof readHistory>>;
}

function resultOf(incident: Incident, side: Side, { begin, events }: Run): readonly TrackResult[] {
  const { asked } = incident;
  if (asked.by !== 'scenario' || !isAsked(asked[side], asked.k3s, begin)) return [];
  const { shown, saw } = signIn(events, asked.sign);
  // It was made for something else, or cut off: only what it tells counts.
  if (shown === null) return [];
  const run = begin.repeat ? `${begin.run}/${begin.repeat.index}` : begin.run;
  return [trackResult(incident, side, { shown, saw, run, at: events[0]?.wall ?? '', commit: begin.commit })];
}

/** What is kept of the claims that incidents ask, in docs/evidence/claims. */
export async function shownByClaims(docs: string, incidents: readonly Incident[]): Promise<readonly TrackResult[]> {
  const results = await readResults(docs);
  return incidents.flatMap((incident) => {
    const { asked } = incident;
    if (asked.by !== 'claim') return [];
    const told = results.filter(
      ({ claim, release, holds }) => claim === asked.claim && release === asked.k3s && holds !== null,
    );
    return told.map(({ part, holds, saw, run, at }) =>
      trackResult(incident, part === 'check' ? 'here' : 'control', { shown: holds, saw, run, at, commit: null }),
    );
  });
}

/** Folders of runs in these folders, at any depth. @throws UsageError where one is no folder */
export async function runFoldersIn(folders: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const given of folders) {
    const folder = resolve(given);
    const isThere = await stat(folder).catch(() => undefined);
    if (!isThere?.isDirectory())
      throw new UsageError(`${folder} is no folder. Allowed: folders that hold runs, e.g. runs`);
    for await (const file of glob('**/plan.json', { cwd: folder })) found.push(dirname(join(folder, file)));
  }
  return found.toSorted();
}
