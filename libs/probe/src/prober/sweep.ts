/**
 * A sweep: all questions of one vantage at once, each several times, and then the end.
 *
 * Standard input: an Order. Standard output: the JSON array of Told, one for each Ask, in the same order.
 */
import { json } from 'node:stream/consumers';
import type { Ask, Order, Told } from '../sweep/spec.ts';
import { ask } from './ask.ts';
import { takePrecedence } from './scheduling.ts';

/** As many at once: 27 nodes are asked on four paths in two turns. */
const AT_ONCE = 64;

/** One that answers at times is asked as often again: on a busy host an answer may be late by chance, once. */
async function cell({ how }: Ask, { times, withinMs }: Order): Promise<Told> {
  let asked = 0;
  let lost = 0;
  let detail = '';
  let sourceKept: boolean | null = null;
  const isUndecided = () => lost > 0 && lost < asked && asked < 2 * times;
  while (asked < times || isUndecided()) {
    const answer = await ask(how, withinMs);
    asked++;
    if (answer.error !== undefined) {
      lost++;
      detail = answer.error;
    } else if (answer.sourceKept !== null) sourceKept = (sourceKept ?? true) && answer.sourceKept;
  }
  return { asked, lost, sourceKept, detail };
}

async function main(): Promise<void> {
  takePrecedence();
  const order = (await json(process.stdin)) as Order;
  const told: Told[] = [];
  const waiting = order.asks.entries();
  const turn = async () => {
    for (const [index, one] of waiting) told[index] = await cell(one, order);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, turn));
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

await main();
