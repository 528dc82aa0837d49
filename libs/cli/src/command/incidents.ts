/** `faultline incidents [name..]`: the track record. Only `--run` needs Docker. */
import { join } from 'node:path';
import { engine } from '@faultline/control';
import { addTrackResults, readTrackResults, writeTrackRecord } from '@faultline/incident';
import { standingOf, type Incident, type Standing, type Tally, type TrackResult } from '@faultline/incident/plan';
import { wholeNumber } from '../allowed.ts';
import { twoColumns } from '../columns.ts';
import { EXIT, UsageError } from '../exit.ts';
import { askIncident } from '../incident/ask.ts';
import { incidentsNamed, listIncidents } from '../incident/list.ts';
import { runFoldersIn, shownByClaims, shownByRun } from '../incident/of-run.ts';
import { text, type Given } from '../options.ts';
import { provenance } from '../provenance.ts';
import { ROOT } from '../workspace.ts';

const MOST = 20;

export async function execute(names: readonly string[], options: Given, signal: AbortSignal): Promise<number> {
  const incidents = await incidentsNamed(names);
  const count = wholeNumber('--count', text(options['count']) ?? '1', { min: 1, max: MOST });
  const from = options['from'];
  const isAdded = Array.isArray(from) && from.length > 0;
  if (options['run'] && isAdded) throw new UsageError('--run or --from, not both. Next: leave one of them out');
  const isKept = options['keep'] !== false;
  const fresh = options['run'] ? await askAll(incidents, { count, isKept, signal }) : [];
  if (isAdded) await addFrom(from as readonly string[], incidents);
  if ((options['run'] && isKept) || isAdded) await writeTrackRecord(ROOT, await listIncidents());
  const results = [...(await readTrackResults(ROOT)), ...(isKept ? [] : fresh)];
  const standings = incidents.map((incident) => standingOf(incident, results));
  if (options['json']) console.log(JSON.stringify(standings, null, 2));
  else print(standings);
  return options['run'] ? exitOf(standings) : EXIT.pass;
}

interface AskAll {
  readonly count: number;
  /** Whether what is seen is added to the track record. */
  readonly isKept: boolean;
  readonly signal: AbortSignal;
}

/** @returns what was seen, in order. */
async function askAll(
  incidents: readonly Incident[],
  { count, isKept, signal }: AskAll,
): Promise<readonly TrackResult[]> {
  const docker = await engine();
  const { commit } = await provenance(docker, signal);
  const fresh: TrackResult[] = [];
  const keep = async (result: TrackResult) => {
    fresh.push(result);
    if (isKept) await addTrackResults(ROOT, [result]);
    console.error(told(result));
  };
  for (let time = 1; time <= count; time++) {
    for (const incident of incidents) {
      console.error(`faultline: ${incident.name}${count > 1 ? `, ${time} of ${count}` : ''}: ${incident.title}`);
      await askIncident(incident, { docker, signal, keep, commit });
    }
  }
  return fresh;
}

async function addFrom(folders: readonly string[], incidents: readonly Incident[]): Promise<void> {
  for (const folder of await runFoldersIn(folders)) {
    const added = await addTrackResults(ROOT, await shownByRun(folder, incidents));
    for (const result of added) console.error(`${folder}: ${told(result)}`);
  }
  const kept = await addTrackResults(ROOT, await shownByClaims(join(ROOT, 'docs'), incidents));
  for (const result of kept) console.error(`docs/evidence/claims: ${told(result)}`);
}

const told = ({ incident, side, shown, saw }: TrackResult): string =>
  `  ${incident} ${side === 'here' ? 'incident' : 'control '} ${shown === null ? '?' : shown ? 'shown' : 'not shown'}: ${saw}`;

const COLUMNS = { width: 34, indent: 0 };

function print(standings: readonly Standing[]): void {
  for (const { incident, here, control, word } of standings) {
    const counts = `shown ${ofRuns(here)}, control ${ofRuns(control)}: ${word}`;
    console.log(twoColumns(incident.name, `${incident.title}. ${counts}.`, COLUMNS));
  }
  const reproduced = standings.filter(({ word }) => word === 'reproduced').length;
  const next = 'faultline incidents <name> --run; the page: docs/track-record.md';
  console.log(`\n${reproduced} of ${standings.length} reproduced in every run. Next: ${next}`);
}

const ofRuns = ({ shown, runs }: Tally): string => (runs === 0 ? 'not run' : `${shown} of ${runs}`);

/** What can no longer be reproduced is a failure; what could not be told is in doubt. */
function exitOf(standings: readonly Standing[]): number {
  const lasts = standings.flatMap(({ here, control }) => [
    { last: here.last, wanted: true },
    { last: control.last, wanted: false },
  ]);
  if (lasts.some(({ last, wanted }) => last !== null && last.shown === !wanted)) return EXIT.fail;
  return lasts.every(({ last }) => last?.shown !== null && last !== null) ? EXIT.pass : EXIT.inconclusive;
}
