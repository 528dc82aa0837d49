/** `faultline claims --run` writes the page again. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { askWithoutCluster } from './ask.ts';
import { CLAIMS } from './ledger/index.ts';
import { pageOf, readKept, readResults } from './results-file.ts';

const DOCS = join(import.meta.dirname, '../../../docs');

test('the page is what the generator makes of the results', async () => {
  const page = await readFile(join(DOCS, 'claims.md'), 'utf8');
  expect(page, 'next: npx faultline claims --run --group pure').toBe(await pageOf(DOCS));
});

test('what needs no cluster comes out as it was kept', async () => {
  const told = ({ claim, part, release, holds, saw, run }: Awaited<ReturnType<typeof readResults>>[number]) => ({
    claim,
    part,
    release,
    holds,
    saw,
    run,
  });
  const kept = (await readResults(DOCS)).filter(({ setUp }) => setUp === 'pure' || setUp === 'measured').map(told);
  const fresh = (await askWithoutCluster(CLAIMS, await readKept(DOCS))).map(told);
  for (const result of fresh) expect(kept).toContainEqual(result);
  expect(kept).toHaveLength(fresh.length);
});
