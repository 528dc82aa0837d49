/**
 * A sweep: every question of one vantage at once, each several times, and then the end.
 *
 * Standard input: an Order. Standard output: the JSON array of Told, one for each Ask, in the same order.
 */
import { json } from 'node:stream/consumers';
import type { Ask, Order, Told } from '../sweep/spec.ts';
import { ask } from './ask.ts';

/** As many at once: 27 nodes are asked on four paths in two turns. */
const AT_ONCE = 64;

async function cell({ how }: Ask, { times, withinMs }: Order): Promise<Told> {
  let lost = 0;
  let detail = '';
  let sourceKept: boolean | null = null;
  for (let asked = 0; asked < times; asked++) {
    const answer = await ask(how, withinMs);
    if (answer.error !== undefined) {
      lost++;
      detail = answer.error;
    } else if (answer.sourceKept !== null) sourceKept = (sourceKept ?? true) && answer.sourceKept;
  }
  return { asked: times, lost, sourceKept, detail };
}

async function main(): Promise<void> {
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
