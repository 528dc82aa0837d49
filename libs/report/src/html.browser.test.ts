import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  announcerKilled,
  compareBackends,
  faultTable,
  judge,
  syntheticIdentity,
  syntheticTurns,
  type Envelope,
  type Expectation,
} from '@faultline/checker';
import { chromium, type Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { renderBackendsHtml } from './backend-comparison-html.ts';
import { renderClocksHtml } from './clocks.ts';
import { renderComparisonHtml } from './comparison-html.ts';
import { renderFaultTableHtml } from './fault-table.ts';
import { renderHtml } from './html.ts';
import { exampleNight } from './night/example-night.ts';
import { renderNightHtml } from './night/night.ts';
import { renderSetHtml } from './set-html.ts';
import { splitBrain, synthetic, syntheticSet, withoutEndpoints } from './synthetic-failover.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
/** Root needs no sandbox to be refused; the rest keeps the browser from calling home. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

const METALLB: Envelope = { probe: 'edge-tcp', atLeastMs: 5000, medianMs: 6000, atMostMs: 7000, formula: 'a + b' };
const metallb = syntheticSet('metallb-l2', [5.2, 5.5, 5.9, 6.1, 6.4, 6.8], METALLB, { loadBalancer: 'metallb-l2' });
const servicelb = syntheticSet('servicelb', [null, null, null], null, { loadBalancer: 'servicelb' });
const BACKENDS = [
  { backend: 'vxlan', slower: 1 },
  { backend: 'host-gw', slower: 0.8 },
];
/** Pages whose labels must not touch. */
const PAGES: Readonly<Record<string, () => string>> = {
  'a failover': () => renderHtml(synthetic()),
  'a failover of long names': () => {
    const text = JSON.stringify(synthetic().events).replace(
      'silent for 5.0 s',
      `silent, ${'served by a pod of a long name, '.repeat(4)}`,
    );
    const events = JSON.parse(text) as ReturnType<typeof announcerKilled>;
    return renderHtml({ events, verdict: judge(events, [VRRP]) });
  },
  'two owners': () => renderHtml(splitBrain()),
  'a set': () => renderSetHtml(metallb),
  'a comparison': () => renderComparisonHtml([metallb, servicelb]),
  'backends compared': () =>
    renderBackendsHtml(compareBackends(syntheticTurns(BACKENDS, { repeats: 6, seed: 1 }), syntheticIdentity(BACKENDS))),
  'a table of faults': () =>
    renderFaultTableHtml(
      faultTable([{ verdict: synthetic().verdict, expectations: [VRRP], sweep: undefined, folder: '../a' }], []),
    ),
  'a night': () => renderNightHtml(exampleNight()),
  'the two clocks': () =>
    renderClocksHtml([
      { label: 'two replicas, on servicelb', verdict: withoutEndpoints(71, 40).verdict },
      { label: 'default', verdict: synthetic().verdict },
    ]),
};

const VRRP: Expectation = { check: 'outage', probe: 'edge-http-new', atLeastMs: 2550, atMostMs: 3750 };
/** What clients on new connections go through in this history, milliseconds. */
const TRUTH = 3180;

type Look = (page: Page, requests: readonly string[], folder: string) => Promise<void>;

function announcer(): string {
  const events = announcerKilled(1);
  return renderHtml({ events, verdict: judge(events, [VRRP]), plan: { expectations: [VRRP] } });
}

/** Opens a page in a browser that may load nothing, and notes what it asks for. */
async function open(look: Look, html: string = announcer()): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-report-'));
  await using _folder = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const file = join(folder, 'report.html');
  await writeFile(file, html);
  await using browser = await chromium.launch({
    ...(CHROMIUM !== undefined && { executablePath: CHROMIUM }),
    args: ARGS,
  });
  const page = await browser.newPage({ viewport: { width: 1240, height: 1000 }, offline: true });
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  await look(page, requests, folder);
}

/** Labels of a drawing that touch, or are cut off. */
function clashes(page: Page): Promise<readonly string[]> {
  return page.locator('svg.timeline').evaluateAll((drawings) =>
    drawings.flatMap((drawing) => {
      const frame = drawing.getBoundingClientRect();
      const texts = [...drawing.querySelectorAll('text')].map((text) => ({
        says: text.textContent,
        box: text.getBoundingClientRect(),
      }));
      const cut = texts
        .filter(({ box }) => box.left < frame.left - 1 || box.right > frame.right + 1)
        .map(({ says }) => `${says} is cut off`);
      const over = texts.flatMap((a, index) =>
        texts
          .slice(index + 1)
          .filter(
            (b) =>
              a.box.left < b.box.right - 1 &&
              b.box.left < a.box.right - 1 &&
              a.box.top < b.box.bottom - 4 &&
              b.box.top < a.box.bottom - 4,
          )
          .map((b) => `${a.says} covers ${b.says}`),
      );
      return [...cut, ...over];
    }),
  );
}

describe.skipIf(CHROMIUM === undefined)(
  'report.html in Chromium (skipped where none is installed)',
  { timeout: 60_000 },
  () => {
    test('tells the outage to people and to programs, and asks the network for nothing', async () => {
      await open(async (page, requests, folder) => {
        const [low, high] = await Promise.all(
          ['low', 'high'].map((bound) => page.locator('main').getAttribute(`data-outage-${bound}-ms`)),
        );
        expect(Number(low)).toBeLessThanOrEqual(TRUTH);
        expect(Number(high)).toBeGreaterThanOrEqual(TRUTH);
        expect(await page.locator('h1').innerText()).toMatch(/3\.18\ss\s±\s0\.02\ss after node server-0 was killed/);
        expect(await page.locator('svg text', { hasText: 'http-new: out for 3.18 s' }).first().isVisible()).toBe(true);
        expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
        expect(requests).toHaveLength(1);
        expect(
          (await page.screenshot({ path: join(folder, 'report.png'), fullPage: true })).byteLength,
        ).toBeGreaterThan(20_000);
      });
    });

    test('no label of a timeline covers another, and none is cut off', async () => {
      await open(async (page) => expect(await clashes(page)).toEqual([]));
    });

    test.each(Object.entries(PAGES))('nor does one of %s, which asks the network for nothing', async (_, render) => {
      await open(async (page, requests) => {
        expect(await clashes(page)).toEqual([]);
        expect(requests).toHaveLength(1);
        await page.setViewportSize({ width: 400, height: 800 });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400);
      }, render());
    });

    test('fits a narrow window without scrolling sideways', async () => {
      await open(async (page) => {
        await page.setViewportSize({ width: 400, height: 800 });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400);
      });
    });
  },
);
