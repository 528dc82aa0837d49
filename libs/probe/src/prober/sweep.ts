/**
 * Sweeps of one vantage: for each order all its questions at once, each several times.
 *
 * Standard input: an Order a line, until it ends. Standard output: `ready`, then for each order the JSON array of Told, one
 * for each Ask, in the same order.
 */
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { Ask, Order, Told } from '../sweep/spec.ts';
import { ask } from './ask.ts';
import { takePrecedence } from './scheduling.ts';

/** As many at once: 27 nodes are asked on four paths in two turns. */
const AT_ONCE = 64;

/** Each begins a little after the one before: what holds one up by chance need not hold up the next. */
async function cell({ how }: Ask, { times, everyMs, withinMs }: Order): Promise<Told> {
  const answers = await Promise.all(
    Array.from({ length: times }, async (_, index) => {
      await pause(index * everyMs);
      return ask(how, withinMs);
    }),
  );
  const errors = answers.flatMap(({ error }) => error ?? []);
  const said = answers.flatMap(({ sourceKept }) => sourceKept ?? []);
  return {
    asked: times,
    lost: errors.length,
    sourceKept: said.length === 0 ? null : said.every(Boolean),
    detail: errors.at(-1) ?? '',
  };
}

async function told(order: Order): Promise<readonly Told[]> {
  const all: Told[] = [];
  const waiting = order.asks.entries();
  const turn = async () => {
    for (const [index, one] of waiting) all[index] = await cell(one, order);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, turn));
  return all;
}

async function main(): Promise<void> {
  takePrecedence();
  const orders = createInterface({ input: process.stdin });
  // Whoever ordered is gone: nobody waits for what is still out.
  orders.once('close', () => process.exit());
  process.stdout.write('ready\n');
  for await (const line of orders) process.stdout.write(`${JSON.stringify(await told(JSON.parse(line) as Order))}\n`);
}

await main();
