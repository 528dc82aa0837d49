/** The supervisor's loop. Everything that it touches is given to it, so that a test can be the world. */
import { once } from 'node:events';
import type { Clock } from '@faultline/history';
import type { Intent, Ledger } from '../ledger/entry.ts';
import { decide } from './decide.ts';

export interface Supervision {
  readonly clock: Clock;
  /** What the harness says; the end of it is the end of the harness. */
  readonly lines: AsyncIterable<string>;
  read(): Promise<Ledger>;
  /** Writes into the ledger that it was undone. */
  written(intent: Intent, outcome: string): void;
  /** Undoes in this order, and calls back after each. */
  undo(intents: readonly Intent[], each: (intent: Intent, outcome: string) => void): Promise<void>;
  say(line: string): void;
  log(text: string): void;
  /** Between two looks, in milliseconds; 100 unless told. */
  readonly everyMs?: number;
}

/** @returns the exit code: 0 when nothing is left in force. */
export async function supervise(world: Supervision): Promise<number> {
  const { clock } = world;
  const heard = { lastBeat: clock.now(), closed: false, bye: false };
  const listening = listen(world, heard);
  world.say('ready');
  for (;;) {
    // Heard first, read second: what a harness that is gone by now has written is all that it will ever write.
    const known = { ...heard, now: clock.now() };
    const { inForce } = await world.read();
    const { undo, leave, why } = decide({ ...known, inForce });
    if (undo.length > 0)
      world.log(`${why}: undoing ${undo.map(({ fault, node }) => `${fault} on ${node}`).join(', ')}`);
    try {
      await world.undo(undo, (intent, outcome) => {
        world.written(intent, outcome);
        world.log(`${intent.fault} on ${intent.node}: ${outcome}`);
        world.say(`undone ${intent.fault} on ${intent.node} (${why}): ${outcome}`);
      });
    } catch (error) {
      world.log(`given up, for \`faultline doctor --heal\` to do: ${String(error)}`);
      if (leave) return 1;
    }
    if (leave) {
      if (!heard.bye) world.log(`${why}: nothing is left in force`);
      return 0;
    }
    await Promise.race([listening, once(AbortSignal.timeout(world.everyMs ?? 100), 'abort')]);
  }
}

async function listen(
  { clock, lines }: Supervision,
  heard: { lastBeat: number; closed: boolean; bye: boolean },
): Promise<void> {
  for await (const line of lines) {
    heard.lastBeat = clock.now();
    if (line === 'bye') heard.bye = true;
  }
  heard.closed = true;
}
