/**
 * What lint says of an upgrade, held against real Traefiks: `npm run corpus -- v1.32.1+k3s1`, then `v1.33.3+k3s1`, then
 * `v1.35.1+k3s1`. Each boots a k3s of that release, applies the rows of libs/traefik/corpus, asks their requests, and writes
 * what it saw to docs/evidence/lint-corpus/. `--part objects` (values, scenarios, definitions) sees one part again.
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
import { PARTS, readRows, seeRelease, type Part, type ReleaseSeen } from '@faultline/upgrade';

const ROOT = join(import.meta.dirname, '..');
const EVIDENCE = join(ROOT, 'docs/evidence/lint-corpus');
const RELEASES = K3S_RELEASES.map(({ version }) => version);
const USAGE = `npm run corpus -- <${RELEASES.join('|')}> [--part <${PARTS.join('|')}>]`;

function options(): { readonly k3s: string | undefined; readonly parts: readonly Part[] } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { part: { type: 'string', multiple: true, default: [...PARTS] } },
  });
  const [k3s] = positionals;
  if (positionals.length > 1 || (k3s !== undefined && !RELEASES.includes(k3s)))
    throw new Error(`corpus: ${positionals.join(' ')}; there is: ${RELEASES.join(', ')}.\nNext: ${USAGE}`);
  const unknown = values.part.find((part) => !PARTS.includes(part as Part));
  if (unknown !== undefined)
    throw new Error(`corpus: --part ${unknown}; there is: ${PARTS.join(', ')}.\nNext: ${USAGE}`);
  return { k3s, parts: values.part as Part[] };
}

const fileOf = (k3s: string): string => join(EVIDENCE, `${k3s}.json`);

async function keptOf(k3s: string): Promise<ReleaseSeen | undefined> {
  const text = await readFile(fileOf(k3s), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as ReleaseSeen);
}

async function main(signal: AbortSignal): Promise<void> {
  const { k3s, parts } = options();
  if (k3s !== undefined) await see(k3s, parts, signal);
}

async function see(k3s: string, parts: readonly Part[], signal: AbortSignal): Promise<void> {
  const { tools, userlist } = ownImages(await readSources(join(ROOT, 'libs/workload/src/app')));
  await seeRelease({
    k3s,
    after: RELEASES.slice(0, RELEASES.indexOf(k3s)),
    rows: await readRows(join(ROOT, 'libs/traefik/corpus')),
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
