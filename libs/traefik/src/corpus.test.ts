import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checks } from './check/index.ts';
import type { Expectation } from './corpus.ts';
import { mend } from './fix.ts';
import { lint } from './lint.ts';
import { releaseOf } from './release.ts';

const CORPUS = join(import.meta.dirname, '../corpus');
const rows = readdirSync(CORPUS);

const textOf = (row: string, file: string): string => readFileSync(join(CORPUS, row, file), 'utf8');
const expectationOf = (row: string): Expectation => JSON.parse(textOf(row, 'expect.json')) as Expectation;
const input = (row: string, file = 'manifest.yaml') => [{ file: `${row}/${file}`, text: textOf(row, file) }];
const isFixedBy = (row: string) => existsSync(join(CORPUS, row, 'fixed.yaml'));

const upgrade = ({ from, to }: { from: string; to: string }) => ({ from: releaseOf(from), to: releaseOf(to) });

/** The first upgrade of a row in which lint finds something. */
const broken = rows.flatMap((row) => {
  const first = expectationOf(row).lint.find(({ findings }) => findings.length > 0);
  return first ? [{ row, of: upgrade(first) }] : [];
});

describe.each(rows)('%s', (row) => {
  const { lint: expected } = expectationOf(row);

  test.each(expected)('from $from to $to lint finds what is expected, and no more', ({ findings, ...of }) => {
    const linted = lint(input(row), upgrade(of));
    expect(linted.unreadable).toEqual([]);
    const found = linted.findings.map(({ rule, path }) => ({ rule, path }));
    expect(found).toEqual(findings);
  });
});

describe.each(broken)('$row', ({ row, of }) => {
  test('what fixes it has no finding', () => {
    expect(lint(input(row, 'fixed.yaml'), of).findings).toEqual([]);
  });

  test('--fix writes just that, or leaves it to a person', () => {
    const isFixable = lint(input(row), of).findings.some(({ edits }) => edits.length > 0);
    const [mended] = mend(input(row), of);
    expect(mended?.text).toBe(textOf(row, isFixable ? 'fixed.yaml' : 'manifest.yaml'));
    const again = lint([{ file: 'again', text: mended?.text ?? '' }], of);
    expect(again.findings.filter(({ edits }) => edits.length > 0)).toEqual([]);
  });
});

test('every rule of lint has a row that shows it, and one that does not', () => {
  for (const { id, row } of checks) {
    expect(isFixedBy(row), `${id}: corpus/${row}/fixed.yaml`).toBe(true);
    const rules = expectationOf(row).lint.flatMap(({ findings }) => findings.map(({ rule }) => rule));
    expect(rules, `${id}: corpus/${row}/expect.json`).toContain(id);
  }
});
