/** Files of a history of nights -> nights, oldest first. What cannot be read is named, and loses nothing else. */
import { parseResult, type Result } from '../result.ts';

export interface NightFile {
  readonly name: string;
  readonly text: string;
}

export interface Night {
  /** `2026-11-21`; of two in one day each says more: `2026-11-21-b`. */
  readonly name: string;
  readonly results: readonly Result[];
  /** Shards that should have handed in and have not: `2of4`. */
  readonly missing: readonly string[];
}

/** A line, or a whole file, that is no part of the history. */
export interface Unreadable {
  /** `2026-11-21.2of4.ndjson:17`. */
  readonly place: string;
  readonly why: string;
}

export interface Nights {
  readonly nights: readonly Night[];
  readonly unreadable: readonly Unreadable[];
}

const NIGHT = String.raw`\d{4}-\d{2}-\d{2}(?:[-T][A-Za-z0-9-]{1,40})?`;
const FILE = new RegExp(String.raw`^(${NIGHT})\.([1-9]\d{0,3})of([1-9]\d{0,3})\.ndjson$`);

export const isNightName = (name: string): boolean => new RegExp(`^${NIGHT}$`).test(name);

interface ReadFile {
  readonly night: string;
  readonly index: number;
  readonly of: number;
  readonly results: readonly Result[];
}

export function gatherNights(files: readonly NightFile[]): Nights {
  const unreadable: Unreadable[] = [];
  const read = files.flatMap(({ name, text }): ReadFile[] => {
    const [, night, index, of] = FILE.exec(name) ?? [];
    if (night === undefined || Number(index) > Number(of)) {
      unreadable.push({ place: name, why: 'the name is not <night>.<shard>of<shards>.ndjson' });
      return [];
    }
    return [{ night, index: Number(index), of: Number(of), results: resultsOf(name, text, unreadable) }];
  });
  const nights = [...Map.groupBy(read, ({ night }) => night)].map(([name, shards]) => ({
    name,
    results: once(shards.flatMap(({ results }) => results)),
    missing: missingOf(shards),
  }));
  return { nights: nights.toSorted(byTime), unreadable };
}

/** By date; of two nights in one day the one that began first. A name may hold a number that does not sort as text. */
function byTime(a: Night, b: Night): number {
  const began = ({ results }: Night): number => Math.min(...results.map(({ started }) => started));
  const [first, second] = [a, b].map(({ name }) => name.slice(0, 10));
  if (first !== second) return (first ?? '') < (second ?? '') ? -1 : 1;
  return began(a) - began(b) || (a.name < b.name ? -1 : 1);
}

function resultsOf(name: string, text: string, unreadable: Unreadable[]): readonly Result[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [parseResult(line)];
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      unreadable.push({ place: `${name}:${index + 1}`, why });
      return [];
    }
  });
}

/** A row that two shards handed in, or one shard twice, ran once: the later run is what it came to. */
function once(results: readonly Result[]): readonly Result[] {
  const byRun = new Map<string, Result>();
  for (const result of results.toSorted((a, b) => a.started - b.started)) {
    byRun.set(JSON.stringify([result.row, result.repeat?.index ?? null]), result);
  }
  return [...byRun.values()];
}

function missingOf(shards: readonly ReadFile[]): readonly string[] {
  const of = Math.max(...shards.map((shard) => shard.of));
  const there = new Set(shards.filter((shard) => shard.of === of).map(({ index }) => index));
  return Array.from({ length: of }, (_, place) => place + 1)
    .filter((index) => !there.has(index))
    .map((index) => `${index}of${of}`);
}
