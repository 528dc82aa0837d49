/** What the corpus expects clients to get, held against what the grammars of both Traefiks say of its rules. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Expectation, ExpectedRequest } from './corpus.ts';
import { isRecord, readDocuments } from './documents.ts';
import { accepts, RuleError, type Generation } from './rule/index.ts';

const CORPUS = join(import.meta.dirname, '../corpus');

/** Rows in which the rule alone decides: no middleware, no Service that is missing, no syntax that is set. */
const ROWS = readdirSync(CORPUS).filter((row) => /^G0[2-9]/.test(row));

const rulesOf = (row: string, file: string): readonly string[] =>
  readDocuments({ file, text: readFileSync(join(CORPUS, row, file), 'utf8') }).manifests.flatMap(({ object, tree }) => {
    const routes = tree.get(['spec', 'routes']);
    if (object.kind !== 'IngressRoute' || !Array.isArray(routes)) return [];
    return routes.flatMap((route: unknown) => (isRecord(route) ? [String(route['match'])] : []));
  });

function statusOf(rules: readonly string[], generation: Generation, { host, path, headers }: ExpectedRequest): number {
  const url = new URL(`http://${host}${path}`);
  const request = { host, path: url.pathname, query: [...url.searchParams], ...(headers && { headers }) };
  const isAccepted = rules.some((rule) => {
    try {
      return accepts(rule, generation, request);
    } catch (error) {
      // The router is disabled.
      if (error instanceof RuleError) return false;
      throw error;
    }
  });
  return isAccepted ? 200 : 404;
}

describe.each(ROWS)('%s', (row) => {
  const { requests = [] } = JSON.parse(readFileSync(join(CORPUS, row, 'expect.json'), 'utf8')) as Expectation;
  const isBroken = readdirSync(join(CORPUS, row)).includes('fixed.yaml');

  test('each Traefik answers as is expected, and the fix on version 3 as version 2 did', () => {
    // Rules of TCP are judged by name alone: see accept.test.ts.
    for (const request of requests.filter(({ scheme }) => scheme === undefined)) {
      const rules = rulesOf(row, 'manifest.yaml');
      const fixed = rulesOf(row, isBroken ? 'fixed.yaml' : 'manifest.yaml');
      const { host, path, v2, v3 } = request;
      const seen = { host, path, v2: statusOf(rules, 'v2', request), v3: statusOf(rules, 'v3', request) };
      expect(seen).toEqual({ host, path, v2, v3 });
      expect(statusOf(fixed, 'v3', request)).toBe(v2);
    }
  });
});
