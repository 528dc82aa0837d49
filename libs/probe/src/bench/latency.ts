/** How long a path takes: some seconds of an open loop from one vantage, and the samples of it. */
import { elapse, type Commander } from '@faultline/control';
import type { EventOf, SampleRow } from '@faultline/history';
import { startProber, type ProberOptions } from '../prober.ts';
import type { ProbeSpec, Vantage } from '../spec.ts';

export interface LatencyOptions extends ProberOptions {
  readonly commander: Commander;
  readonly vantage: Vantage;
  readonly specs: readonly ProbeSpec[];
  readonly seconds: number;
}

export interface Sampled {
  readonly probe: string;
  /** In the order of their intended times. */
  readonly rows: readonly SampleRow[];
  readonly lateness: EventOf<'probe.end'>['lateness'] | null;
}

/**
 * The samples of each probe. They are in the history as well, as those of any probe.
 * The first fifth of a second is left out: connections and caches that are made once are no property of the path.
 */
export async function measureLatency(options: LatencyOptions): Promise<readonly Sampled[]> {
  const { commander, vantage, specs, seconds, history, signal } = options;
  const rows = new Map<string, SampleRow[]>(specs.map(({ name }) => [name, []]));
  const lateness = new Map<string, Sampled['lateness']>();
  using _reader = history.subscribe((event) => {
    if (event.type === 'samples') rows.get(event.probe)?.push(...event.rows);
    if (event.type === 'probe.end') lateness.set(event.probe, event.lateness);
  });
  {
    await using _prober = await startProber(commander, { ...vantage, punctual: true }, specs, options);
    await elapse(WARM_MS + seconds * 1000, signal);
  }
  return specs.map(({ name }) => ({
    probe: name,
    rows: warm(rows.get(name) ?? []),
    lateness: lateness.get(name) ?? null,
  }));
}

const WARM_MS = 200;

function warm(rows: readonly SampleRow[]): readonly SampleRow[] {
  const sorted = rows.toSorted(([a], [b]) => a - b);
  const from = (sorted[0]?.[1] ?? 0) + WARM_MS * 1e6;
  return sorted.filter(([, intended]) => intended >= from);
}
