/** `npm run unit -- -u libs/traefik/src/page.test.ts` writes the pages again. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checks } from './check/index.ts';
import type { Expectation } from './corpus.ts';
import { mend } from './fix.ts';
import { listOf, pageOf } from './page.ts';
import { releaseOf } from './release.ts';

const PAGES = join(import.meta.dirname, '../../../docs/lint');

const read = (row: string, file: string): string =>
  readFileSync(join(import.meta.dirname, '../corpus', row, file), 'utf8');

function isFixable(row: string, before: string): boolean {
  const { lint } = JSON.parse(read(row, 'expect.json')) as Expectation;
  const first = lint.find(({ findings }) => findings.length > 0);
  if (!first) return false;
  const upgrade = { from: releaseOf(first.from), to: releaseOf(first.to) };
  return mend([{ file: row, text: before }], upgrade)[0]?.text !== before;
}

test.each(checks)('the page of $id says what its record says', async (check) => {
  const before = read(check.row, 'manifest.yaml');
  const example = { before, after: read(check.row, 'fixed.yaml'), isFixable: isFixable(check.row, before) };
  await expect(pageOf(check, example)).toMatchFileSnapshot(join(PAGES, `${check.id}.md`));
});

test('the list names every rule', async () => {
  await expect(listOf(checks)).toMatchFileSnapshot(join(PAGES, 'README.md'));
});

test('there is no page of a rule that is not there', () => {
  const pages = readdirSync(PAGES).filter((name) => name.endsWith('.md') && name !== 'README.md');
  expect(pages.toSorted()).toEqual(checks.map(({ id }) => `${id}.md`).toSorted());
});
