import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Input } from './documents.ts';
import { fix, mend } from './fix.ts';
import { lint } from './lint.ts';
import { objectInput } from './object-input.ts';
import { releaseOf } from './release.ts';

const UPGRADE = { from: releaseOf('v1.32.1+k3s1'), to: releaseOf('v1.33.3+k3s1') };
const CORPUS = join(import.meta.dirname, '../corpus');
/** Without the row whose values decide how all the others are read. */
const corpus: readonly Input[] = readdirSync(CORPUS)
  .filter((row) => row !== 'G10-default-syntax-v2')
  .map((row) => ({ file: row, text: readFileSync(join(CORPUS, row, 'manifest.yaml'), 'utf8') }));

const route = (match: string, more = ''): string =>
  `apiVersion: traefik.io/v1alpha1\nkind: IngressRoute\nmetadata:\n  name: r\nspec:\n  routes:\n    - match: ${match}\n${more}`;

const rules = (text: string, upgrade = UPGRADE): readonly string[] =>
  lint([{ file: 'a', text }], upgrade).findings.map(({ rule }) => rule);

describe('a finding is what the upgrade crosses', () => {
  test('not what was broken before, nor what breaks later', () => {
    const same = { from: releaseOf('v1.32.1+k3s1'), to: releaseOf('v1.32.1+k3s1') };
    const back = { from: releaseOf('v1.33.3+k3s1'), to: releaseOf('v1.32.1+k3s1') };
    expect(lint(corpus, same).findings).toEqual([]);
    expect(lint(corpus, back).findings).toEqual([]);
  });

  test('a rule that Traefik 2 refuses is none', () => {
    expect(rules(route('Host(`a`'))).toEqual([]);
    expect(rules(route('PathRegexp(`^/a`)'))).toEqual([]);
    expect(rules(route('7'))).toEqual([]);
  });

  test('a kind that lint does not know is passed over, and counted', () => {
    const { findings, objects } = lint(
      [{ file: 'a', text: 'apiVersion: example.org/v1\nkind: Middleware\n' }],
      UPGRADE,
    );
    expect({ findings, objects }).toEqual({ findings: [], objects: { read: 1, known: 0 } });
  });
});

test('findings are sorted by place', () => {
  const places = lint(corpus, UPGRADE).findings.map(({ place }) => place);
  const sorted = places.toSorted((a, b) =>
    a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1,
  );
  expect(places.length).toBeGreaterThan(30);
  expect(places).toEqual(sorted);
});

test('objects of any shape crash nothing', () => {
  const kinds = ['IngressRoute', 'IngressRouteTCP', 'Middleware', 'TLSOption'].map((kind) => [
    'traefik.io/v1alpha1',
    kind,
  ]);
  const others = [
    ['networking.k8s.io/v1', 'Ingress'],
    ['networking.k8s.io/v1', 'NetworkPolicy'],
    ['v1', 'Service'],
    ['helm.cattle.io/v1', 'HelmChartConfig'],
    ['monitoring.coreos.com/v1', 'PrometheusRule'],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
  ];
  const keys =
    'routes match syntax headers sslRedirect rules http paths path ports tls expose selector ingress port groups expr';
  const anything = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      tie('map'),
      tie('list'),
    ),
    list: fc.array(tie('value'), { maxLength: 3 }),
    map: fc.dictionary(fc.constantFrom(...keys.split(' ')), tie('value'), { maxKeys: 5 }),
  }));
  fc.assert(
    fc.property(fc.constantFrom(...kinds, ...others), anything.map, ([apiVersion, kind], spec) => {
      const values = { valuesContent: JSON.stringify(spec) };
      const input = objectInput(apiVersion ?? '', kind ?? '', {
        metadata: { name: 'traefik', labels: spec, annotations: spec },
        spec: kind === 'HelmChartConfig' ? values : spec,
      });
      for (const finding of lint([input], UPGRADE).findings) expect(finding.place.line).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});

test('texts of any kind crash nothing', () => {
  const pieces = fc.constantFrom(
    'a',
    ': ',
    '\n',
    '  ',
    '- ',
    '&a ',
    '*a',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '|',
    '>',
    '#',
    '---\n',
    '\t',
    '!!',
    '? ',
    '<<',
    '%',
    '\r\n',
    '\u0000',
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
    // A manifest with a bite out of it.
    fc.tuple(fc.constantFrom(...corpus), fc.nat(), fc.nat({ max: 40 }), pieces).map(([{ text }, at, length, by]) => {
      const begin = at % text.length;
      return text.slice(0, begin) + by + text.slice(begin + length);
    }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const { findings, unreadable } = lint([{ file: 'a', text }], UPGRADE);
      const fixed = lint([{ file: 'a', text: fix(text, findings) }], UPGRADE);
      expect(fixed.unreadable.length).toBeLessThanOrEqual(unreadable.length);
    }),
    { numRuns: 2000 },
  );
});

test('a rule that nobody can have written is not judged, and that is said', () => {
  for (const match of [`${'Host(`a`, `b`) || '.repeat(20_000)}Host(\`c\`)`, '('.repeat(200_000)]) {
    const { unreadable } = lint([{ file: 'a', text: route(match) }], UPGRADE);
    expect(unreadable.map(({ message }) => message)).toEqual([expect.stringContaining('Faultline reads')]);
  }
});

test('a thousand manifests are judged in less than two seconds', () => {
  const many = Array.from({ length: 20 }, () => corpus)
    .flat()
    .slice(0, 1000);
  expect(many).toHaveLength(1000);
  const begin = performance.now();
  const { findings } = lint(many, UPGRADE);
  const tookMs = performance.now() - begin;
  expect(findings.length).toBeGreaterThan(500);
  expect(tookMs).toBeLessThan(2000);
});

describe('a fix', () => {
  test('leaves nothing that can be fixed', () => {
    const left = lint(mend(corpus, UPGRADE), UPGRADE).findings.filter(({ edits }) => edits.length > 0);
    expect(left).toEqual([]);
  });

  test('writes all of a rule or nothing of it', () => {
    const text = route('Headers(`X`, `1`) && Query(`={x:[a-z]+}`)');
    expect(lint([{ file: 'a', text }], UPGRADE).findings.flatMap(({ edits }) => edits)).toEqual([]);
  });

  test('of several matchers in quotes is one', () => {
    const text = route('"HostRegexp(`{a:[a-z]+}.x`) && Headers(`X`, `1`)"', '      priority: 7 # mine\n');
    const [mended] = mend([{ file: 'a', text }], UPGRADE);
    expect(mended?.text).toBe(
      route(
        String.raw`"HostRegexp(${'`'}^[a-z]+\\.x$${'`'}) && Header(${'`'}X${'`'}, ${'`'}1${'`'})"`,
        '      priority: 7 # mine\n',
      ),
    );
  });

  test('of a rule that is folded over lines is left to a person', () => {
    const text = route('>-\n        Host(`a`,\n        `b`)');
    expect(rules(text)).toEqual(['rule-multiple-values']);
    expect(mend([{ file: 'a', text }], UPGRADE)[0]?.text).toBe(text);
  });
});
