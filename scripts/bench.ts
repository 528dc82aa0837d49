/**
 * How long things take, again and again: `npm run bench -- bring-up [--runs 5] [--substrate k3s|bare] [--beside k3d]`.
 * What rules of alarm find, and what they cost: `npm run bench -- changes`, which writes docs/change-detection.md.
 *
 * Runs of what is compared alternate, so that a busy minute of the host falls on both.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { engine } from '@faultline/control';
import { bringUp, subjectOf } from './bench/bring-up.ts';
import { DOCUMENT, renderDocument } from './bench/changes/document.ts';
import { NOISE, ownNoise } from './bench/changes/noise.ts';
import { bringUpK3d } from './bench/k3d.ts';
import { rowsOf, text, type Stages } from './bench/summary.ts';

const USAGE = 'npm run bench -- bring-up [--runs 5] [--substrate k3s|bare] [--beside k3d], or npm run bench -- changes';
const ROOT = join(import.meta.dirname, '..');

function options(): { runs: number; substrate: string; withK3d: boolean } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: '5' },
      substrate: { type: 'string', default: 'k3s' },
      beside: { type: 'string' },
    },
  });
  const runs = Number(values.runs);
  if (positionals.join(' ') !== 'bring-up')
    throw new Error(`bench: ${positionals.join(' ') || 'nothing'}; there is: bring-up, changes.\nNext: ${USAGE}`);
  if (!Number.isInteger(runs) || runs < 1)
    throw new Error(`bench: --runs ${values.runs}; allowed: 1 and more.\nNext: ${USAGE}`);
  if (values.beside !== undefined && values.beside !== 'k3d')
    throw new Error(`bench: --beside ${values.beside}; there is: k3d.\nNext: ${USAGE}`);
  return { runs, substrate: values.substrate, withK3d: values.beside === 'k3d' };
}

async function main(signal: AbortSignal): Promise<void> {
  const { runs, substrate, withK3d } = options();
  const docker = await engine();
  const subject = await subjectOf(substrate);
  const subjects = [
    { name: `faultline ${substrate}`, run: () => bringUp(subject, docker, signal), times: [] as Stages[] },
    ...(withK3d ? [{ name: 'k3d', run: () => bringUpK3d(subject, docker, signal), times: [] as Stages[] }] : []),
  ];
  for (let round = 1; round <= runs; round++) {
    for (const { name, run, times } of subjects) {
      const stages = await run();
      times.push(stages);
      const said = [...stages].map(([stage, seconds]) => `${stage} ${seconds.toFixed(2)}`).join(', ');
      console.log(`bench: ${name}, run ${round} of ${runs}: ${said}`);
    }
  }
  for (const { name, times } of subjects) console.log(`\n${text(name, rowsOf(times))}`);
}

async function changes(): Promise<void> {
  const noise = await ownNoise(ROOT);
  await writeFile(join(ROOT, NOISE), `${JSON.stringify(noise, null, 2)}\n`);
  await writeFile(join(ROOT, DOCUMENT), renderDocument(noise));
  console.log(`bench: ${DOCUMENT} and ${NOISE} are written`);
}

const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort(new Error('interrupted')));
try {
  await (process.argv.slice(2).join(' ') === 'changes' ? changes() : main(interrupt.signal));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
