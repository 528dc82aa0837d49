/**
 * Keeps what a run wrote, as it wrote it: `npm run evidence -- runs/latest block-vxlan-on-k3s`.
 *
 * Copies summary.md, verdict.json, plan.json and report.html to docs/evidence/<topic>/, and writes the table of all that
 * is kept there, from the verdicts. Without arguments it only writes the table.
 */
import { copyFile, glob, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseVerdict, type Verdict } from '@faultline/checker';

const EVIDENCE = join(import.meta.dirname, '../docs/evidence');
const FILES = ['summary.md', 'verdict.json', 'plan.json', 'report.html'] as const;
/** Evidence is read in a browser and lives in git for ever. */
const MOST_BYTES = 500_000;

async function keep(run: string, topic: string): Promise<void> {
  const target = join(EVIDENCE, topic);
  for (const file of FILES) {
    const { size } = await stat(join(run, file));
    if (size > MOST_BYTES)
      throw new Error(`${join(run, file)} has ${size} bytes; evidence may have ${MOST_BYTES} a file`);
  }
  await mkdir(target, { recursive: true });
  await Promise.all(FILES.map((file) => copyFile(join(run, file), join(target, file))));
}

/** A row for each topic, from what its run wrote. */
export function tableOf(kept: readonly { readonly topic: string; readonly verdict: Verdict }[]): string {
  const rows = kept
    .toSorted((a, b) => a.topic.localeCompare(b.topic))
    .map(({ topic, verdict }) => {
      const { headline, outcome, substrate, versions, cell } = verdict;
      const on = `${substrate} ${versions['k3s'] ?? ''} ${cell['backend']}, ${cell['loadBalancer']}`.replaceAll(
        /\s+/g,
        ' ',
      );
      return `| [${topic}](${topic}/summary.md) | ${on} | ${outcome} | ${headline.replaceAll('|', '\\|')} |`;
    });
  return [
    '# Evidence',
    '',
    'What runs wrote, never edited. This table is made from their verdicts by `npm run evidence`.',
    '',
    '| run | on | verdict | what clients saw |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

const [run, topic] = process.argv.slice(2);
if (run && !/^[a-z0-9-]+$/.test(topic ?? '')) {
  console.error(
    'evidence: give a run and a topic of lower-case words joined by hyphens.\nNext: npm run evidence -- runs/latest block-vxlan-on-k3s',
  );
  process.exitCode = 64;
} else {
  if (run && topic) await keep(run, topic);
  const files = await Array.fromAsync(glob('*/verdict.json', { cwd: EVIDENCE }));
  const kept = await Promise.all(
    files.map(async (file) => ({
      topic: dirname(file),
      verdict: parseVerdict(await readFile(join(EVIDENCE, file), 'utf8'), file),
    })),
  );
  await writeFile(join(EVIDENCE, 'README.md'), tableOf(kept));
}
