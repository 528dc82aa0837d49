/**
 * What lint says of an upgrade, held against real Traefiks: `npm run corpus -- v1.32.1+k3s1`, then `v1.33.3+k3s1`, then
 * `v1.35.1+k3s1`. Each boots a k3s of that release, applies the rows of libs/traefik/corpus, asks their requests, and writes
 * what it saw to docs/evidence/lint-corpus/. `--part objects` (values, scenarios, definitions) sees one part again.
 * `npm run corpus -- rules`: generated v2 rules and their rewrites, asked of both Traefiks alone.
 *
 * Without arguments it only writes the summary of what is kept there.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readSources } from '@faultline/cluster';
import { K3S_RELEASES, ownImages } from '@faultline/cluster/plan';
import { systemClock } from '@faultline/history';
import { releaseOf } from '@faultline/traefik';
import {
  PARTS,
  readRows,
  seeRelease,
  seeRules,
  trialOf,
  summaryOf,
  type Kept,
  type Part,
  type ReleaseSeen,
} from '@faultline/upgrade/corpus';

const ROOT = join(import.meta.dirname, '..');
const CORPUS = join(ROOT, 'libs/traefik/corpus');
const EVIDENCE = join(ROOT, 'docs/evidence/lint-corpus');
const RELEASES = K3S_RELEASES.map(({ version }) => version);
const RULES = 'rules';
const SUBJECTS = [...RELEASES, RULES];
const USAGE = `npm run corpus -- <${SUBJECTS.join('|')}> [--part <${PARTS.join('|')}>] [--count 200]`;
const TRAEFIKS = { v2: '2.11.18', v3: '3.3.6' } as const;
const REQUESTS_A_RULE = 20;

interface Options {
  /** A release, or the rules; undefined: the summary alone. */
  readonly subject: string | undefined;
  readonly parts: readonly Part[];
  readonly count: number;
}

function options(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      part: { type: 'string', multiple: true, default: [...PARTS] },
      count: { type: 'string', default: '200' },
    },
  });
  const [subject] = positionals;
  if (positionals.length > 1 || (subject !== undefined && !SUBJECTS.includes(subject)))
    throw new Error(`corpus: ${positionals.join(' ')}; there is: ${SUBJECTS.join(', ')}.\nNext: ${USAGE}`);
  const parts = values.part.map((name) => {
    const part = PARTS.find((known) => known === name);
    if (!part) throw new Error(`corpus: --part ${name}; there is: ${PARTS.join(', ')}.\nNext: ${USAGE}`);
    return part;
  });
  const count = Number(values.count);
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw new Error(`corpus: --count ${values.count}; allowed: 1 to 1000.\nNext: ${USAGE}`);
  return { subject, parts, count };
}

const fileOf = (k3s: string): string => join(EVIDENCE, `${k3s}.json`);

async function keptOf(k3s: string): Promise<ReleaseSeen | undefined> {
  const text = await readFile(fileOf(k3s), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as ReleaseSeen);
}

async function main(signal: AbortSignal): Promise<void> {
  const { subject, parts, count } = options();
  if (subject === RULES) await tryRules(count, signal);
  else if (subject !== undefined) await see(subject, parts, signal);
  await writeSummary();
}

async function writeSummary(): Promise<void> {
  const releases = (await Promise.all(RELEASES.map(keptOf))).flatMap((one) => one ?? []);
  const rules = await readFile(join(EVIDENCE, 'rules.json'), 'utf8').catch(() => undefined);
  const page = summaryOf({
    rows: await readRows(CORPUS),
    releases,
    rules: rules === undefined ? undefined : (JSON.parse(rules) as Kept['rules']),
  });
  await writeFile(join(EVIDENCE, 'summary.md'), page);
}

async function tryRules(count: number, signal: AbortSignal): Promise<void> {
  const { tools } = ownImages(await readSources(join(ROOT, 'libs/workload/src/app')));
  const trials = Array.from({ length: count }, (_, seed) => trialOf(seed, REQUESTS_A_RULE));
  const seen = await seeRules(trials, { tools, versions: TRAEFIKS, signal });
  await mkdir(EVIDENCE, { recursive: true });
  await writeFile(join(EVIDENCE, 'rules.json'), `${JSON.stringify({ at: systemClock.wall(), ...seen }, null, 2)}\n`);
  const { rules, requests, disagreements, disabled } = seen;
  console.log(
    `corpus: ${rules} rules, ${requests} requests, ${disagreements.length} disagreements, ${disabled.length} disabled`,
  );
}

async function see(k3s: string, parts: readonly Part[], signal: AbortSignal): Promise<void> {
  const { tools, userlist } = ownImages(await readSources(join(ROOT, 'libs/workload/src/app')));
  await seeRelease({
    k3s,
    after: RELEASES.slice(0, RELEASES.indexOf(k3s)),
    rows: await readRows(CORPUS),
    parts,
    images: { tools, userlist },
    charts: join(ROOT, 'runs/corpus/charts'),
    signal,
    tell: async ({ rows, scenarios }, part) => {
      const kept = await keptOf(k3s);
      const seen: ReleaseSeen = {
        k3s,
        traefik: releaseOf(k3s).traefik,
        at: systemClock.wall(),
        rows: { ...kept?.rows, ...rows },
        scenarios: { ...kept?.scenarios, ...scenarios },
      };
      await mkdir(EVIDENCE, { recursive: true });
      await writeFile(fileOf(k3s), `${JSON.stringify(seen, null, 2)}\n`);
      console.log(`corpus: ${k3s}, ${part}: ${Object.keys({ ...rows, ...scenarios }).length} seen`);
    },
  });
}

const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => interrupt.abort(new Error('interrupted')));
}
try {
  await main(interrupt.signal);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
