/**
 * Generated scenarios, faults and command lines: `npm run fuzz -- --count 100000 [--seed n]`.
 *
 * Nothing may crash (only errors of ours, which say why), nothing may start a process, and every refusal takes less than
 * 50 ms of processor time. No engine is asked: a line that is taken ends there.
 */
import { parseArgs } from 'node:util';
import { campaign, SLOW_MS } from './fuzz/campaign.ts';
import { distinct, shown } from './fuzz/show.ts';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
});
const count = Number(values.count);
const begin = performance.now();
const { taken, refused, crashes, slow, slowestMs } = await campaign({
  count,
  seed: Number(values.seed),
  each: (done) => void (done % 10_000 === 0 && process.stderr.write(`${done} of ${count}\n`)),
});
for (const finding of [...distinct(crashes), ...slow.slice(0, 10)]) console.log(`${shown(finding)}\n`);
console.log(
  `${count} trials (seed ${values.seed}) in ${((performance.now() - begin) / 1000).toFixed(0)} s: ${taken} taken, ${refused} refused ` +
    `(the slowest in ${slowestMs.toFixed(1)} ms of processor time, ${slow.length} over ${SLOW_MS} ms), ` +
    `${crashes.length} crashed in ${distinct(crashes).length} ways`,
);
process.exitCode = crashes.length + slow.length === 0 ? 0 : 1;
