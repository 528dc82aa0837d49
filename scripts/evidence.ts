/**
 * Keeps what a run, a set of runs or a comparison wrote, as it was written: `npm run evidence -- runs/latest block-vxlan-on-k3s`.
 *
 * Copies its pages and what they were made from to docs/evidence/<topic>/, and writes the table of all that is kept there.
 * `--with-runs` keeps the reports of a set's runs too. Without arguments it only writes the table.
 */
import { existsSync } from 'node:fs';
import { copyFile, glob, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KINDS, tableOf, type Kind } from './evidence/kept.ts';

const EVIDENCE = join(import.meta.dirname, '../docs/evidence');
/** Evidence is read in a browser and lives in git for ever. */
const MOST_BYTES = 500_000;
const WITH_RUNS = '--with-runs';

function kindOf(folder: string): Kind | undefined {
  return KINDS.find(({ mark }) => existsSync(join(folder, mark)));
}

async function keep(folder: string, topic: string, withRuns: boolean): Promise<void> {
  const kind = kindOf(folder);
  if (!kind) {
    const marks = KINDS.map(({ name, mark }) => `${mark} (a ${name})`).join(', ');
    throw new Error(`evidence: ${folder} holds none of ${marks}.\nNext: npm run evidence -- runs/latest ${topic}`);
  }
  const runs = withRuns ? await Array.fromAsync(glob('repeat-*/report.html', { cwd: folder })) : [];
  const files = [...kind.files, ...kind.also.filter((file) => existsSync(join(folder, file))), ...runs];
  // Nothing is copied unless everything can be: half of a run is no evidence.
  for (const file of files) {
    const { size } = await stat(join(folder, file));
    if (size > MOST_BYTES)
      throw new Error(`evidence: ${join(folder, file)} has ${size} bytes; allowed are ${MOST_BYTES} a file`);
  }
  for (const file of files) {
    const target = join(EVIDENCE, topic, file);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(join(folder, file), target);
  }
}

async function writeTable(): Promise<void> {
  const marks = await Array.fromAsync(glob(`*/{${KINDS.map(({ mark }) => mark).join(',')}}`, { cwd: EVIDENCE }));
  const topics = [...new Set(marks.map((file) => dirname(file)))];
  const kept = await Promise.all(
    topics.map(async (topic) => {
      const { mark, page, row } = kindOf(join(EVIDENCE, topic)) as Kind;
      return { topic, page, row: row(JSON.parse(await readFile(join(EVIDENCE, topic, mark), 'utf8'))) };
    }),
  );
  await writeFile(join(EVIDENCE, 'README.md'), tableOf(kept));
}

const words = process.argv.slice(2).filter((word) => word !== WITH_RUNS);
const [folder, topic = ''] = words;
if (folder !== undefined && !/^[a-z0-9-]+$/.test(topic)) {
  console.error(
    'evidence: give a folder and a topic of lower-case words joined by hyphens.\nNext: npm run evidence -- runs/latest block-vxlan-on-k3s',
  );
  process.exitCode = 64;
} else {
  try {
    if (folder !== undefined) await keep(folder, topic, process.argv.includes(WITH_RUNS));
    await writeTable();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
