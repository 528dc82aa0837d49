/** Many trials, from one seed, and what they came to. */
import { allScenarios, program } from '@faultline/cli';
import { seeded } from '@faultline/scenario/plan';
import { drawTrial, type Seeds, type Trial } from './draw.ts';
import { emptyWorld, tried, type Tried } from './try.ts';

/** A refusal that takes longer is one that somebody waits for. */
export const SLOW_MS = 50;

export interface Campaign {
  readonly count: number;
  readonly taken: number;
  readonly refused: number;
  readonly crashes: readonly Finding[];
  readonly slow: readonly Finding[];
  /** The slowest refusal, in milliseconds of processor time. */
  readonly slowestMs: number;
}

export interface Finding extends Tried {
  readonly trial: Trial;
}

export async function seedsOf(): Promise<Seeds> {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    options: command.options.map(({ long, required, optional }) => [long ?? '', required || optional] as const),
  }));
  return { scenarios: await allScenarios(), commands };
}

/** What is slow is tried twice more, and its best counts: a pause of the collector is not the input's. */
async function unhurried(trial: Trial): Promise<Tried> {
  const first = await tried(trial);
  if (first.ms <= SLOW_MS) return first;
  const again = [first, await tried(trial), await tried(trial)];
  return { ...first, ms: Math.min(...again.map(({ ms }) => ms)) };
}

export async function campaign(options: {
  readonly count: number;
  readonly seed: number;
  readonly each?: (tried: number) => void;
}): Promise<Campaign> {
  const { count, seed, each } = options;
  const seeds = await seedsOf();
  const random = seeded(seed);
  using _world = emptyWorld();
  // Each command loads what it needs when it is first called: that is the start of a program, and no refusal.
  for (const { name } of seeds.commands) {
    await tried({ what: 'command', words: [name, 'nothing-of-that-name', '--json'] });
    await tried({ what: 'command', words: [name, '--help'] });
  }
  const found = { taken: 0, refused: 0, crashes: [] as Finding[], slow: [] as Finding[], slowestMs: 0 };
  for (let index = 0; index < count; index++) {
    const trial = drawTrial(random, seeds);
    const one = await unhurried(trial);
    if (one.outcome === 'crashed') found.crashes.push({ ...one, trial });
    else found[one.outcome]++;
    if (one.outcome === 'refused') {
      found.slowestMs = Math.max(found.slowestMs, one.ms);
      if (one.ms > SLOW_MS) found.slow.push({ ...one, trial });
    }
    each?.(index + 1);
  }
  return { count, ...found };
}
