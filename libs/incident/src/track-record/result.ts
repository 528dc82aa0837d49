/** What a run showed of an incident: one line of JSON, in docs/evidence/track-record/results.ndjson. */
import { commandOf, SIDES, signOf, type Incident, type Side } from './incident.ts';

export const TRACK_RECORD_VERSION = 1;

export interface TrackResult {
  readonly version: 1;
  readonly incident: string;
  readonly side: Side;
  /** Null: it could not be told, and `saw` says why. */
  readonly shown: boolean | null;
  readonly saw: string;
  /** What was asked, without `faultline`, and what was looked for: a record that asks something else now counts none of these. */
  readonly command: string;
  readonly sign: string;
  /** The run that showed it, by its id, or its folder's name. */
  readonly run: string;
  /** Wall time. */
  readonly at: string;
  /** Of this repository; null: not known. */
  readonly commit: string | null;
}

export class TrackRecordError extends Error {
  override readonly name = 'TrackRecordError';
}

/** @throws TrackRecordError naming the line. */
export function parseTrackResults(text: string, file: string): readonly TrackResult[] {
  return text
    .split('\n')
    .map((line, index) => [line, `${file}:${index + 1}`] as const)
    .filter(([line]) => line.trim() !== '')
    .map(([line, place]) => parsedLine(line, place));
}

function parsedLine(line: string, place: string): TrackResult {
  const wrong = (what: string) =>
    new TrackRecordError(
      `${place}: ${what}. Allowed: lines that faultline incidents --run wrote.\nNext: take the line out`,
    );
  let value: Partial<TrackResult>;
  try {
    value = JSON.parse(line) as Partial<TrackResult>;
  } catch {
    throw wrong('no JSON');
  }
  if (value.version !== TRACK_RECORD_VERSION)
    throw wrong(`version ${String(value.version)} is not ${TRACK_RECORD_VERSION}`);
  if (typeof value.incident !== 'string' || !SIDES.includes(value.side as Side)) throw wrong('no incident, or no side');
  return value as TrackResult;
}

export const writtenTrackResults = (results: readonly TrackResult[]): string =>
  results.map((result) => `${JSON.stringify(result)}\n`).join('');

export interface Tally {
  /** Runs that told, and how many of them showed it. */
  readonly runs: number;
  readonly shown: number;
  /** Runs that could not tell. */
  readonly untold: number;
  readonly last: TrackResult | null;
}

export interface Standing {
  readonly incident: Incident;
  readonly here: Tally;
  readonly control: Tally;
  /**
   * `reproduced`: every run that told showed it, and no control did. `at times`: some runs showed it, and no control did.
   * `not reproduced`: none showed it. `no control`: a control showed it too, or none was run.
   */
  readonly word: 'reproduced' | 'at times' | 'not reproduced' | 'no control' | 'not run';
}

/** What a run said, as a line of the file. */
export function trackResult(
  incident: Incident,
  side: Side,
  told: Pick<TrackResult, 'shown' | 'saw' | 'run' | 'at' | 'commit'>,
): TrackResult {
  const about = { incident: incident.name, side, command: commandOf(incident, side).join(' '), sign: signOf(incident) };
  return { version: TRACK_RECORD_VERSION, ...about, ...told };
}

/** Only what was asked as it is asked today counts. */
export function standingOf(incident: Incident, results: readonly TrackResult[]): Standing {
  const tallies = SIDES.map((side) => {
    const [command, sign] = [commandOf(incident, side).join(' '), signOf(incident)];
    const mine = results.filter(
      (one) => one.incident === incident.name && one.side === side && one.command === command && one.sign === sign,
    );
    const told = mine.filter(({ shown }) => shown !== null);
    return {
      runs: told.length,
      shown: told.filter(({ shown }) => shown).length,
      untold: mine.length - told.length,
      last: told.at(-1) ?? mine.at(-1) ?? null,
    };
  });
  const [here, control] = tallies as [Tally, Tally];
  return { incident, here, control, word: wordOf(here, control) };
}

function wordOf(here: Tally, control: Tally): Standing['word'] {
  if (here.runs === 0) return 'not run';
  if (here.shown === 0) return 'not reproduced';
  if (control.runs === 0 || control.shown > 0) return 'no control';
  return here.shown === here.runs ? 'reproduced' : 'at times';
}
