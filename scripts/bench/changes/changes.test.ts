import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { comparisonLine, DOCUMENT, scores, TRIAL, WANTED } from './document.ts';
import { keptNoise, ownNoise } from './noise.ts';
import { divisive, score, threshold } from './simulate.ts';

const ROOT = join(import.meta.dirname, '../../..');

describe("1,000 series of the project's own noise, with 10 runs a night", { timeout: 300_000 }, () => {
  test('a step of 10 % is found in 95 % of them within 10 nights, with a false alarm in 1,000 series-nights at most', async () => {
    const noise = await keptNoise(ROOT);
    const found = scores({ ...TRIAL, noise });
    expect(found.divisive.found).toBeGreaterThanOrEqual(WANTED.found);
    expect(found.divisive.falseAlarms).toBeLessThanOrEqual(WANTED.falseAlarms);
    // A threshold that finds more than half of them alarms far more often.
    for (const rule of [found.over10, found.over20]) {
      expect(rule.found > 0.5 && rule.falseAlarms <= WANTED.falseAlarms).toBe(false);
    }
    // The document says the same; the formatter pads the columns of a table.
    const document = (await readFile(join(ROOT, DOCUMENT), 'utf8')).replaceAll(/ +/g, ' ');
    expect(document).toContain(comparisonLine(TRIAL.repeats, found));
  });
});

test('the noise is that of the sets of repeats in the repository, about its mean', async () => {
  const noise = await ownNoise(ROOT);
  expect(noise.map(({ label }) => label)).toContain('metallb-l2');
  for (const { residuals, spread } of noise) {
    expect(residuals.reduce((sum, log) => sum + log, 0)).toBeCloseTo(0, 4);
    expect(spread).toBeGreaterThan(0.01);
    expect(spread).toBeLessThan(1);
  }
});

describe('the judge of rules', () => {
  const quiet = [{ label: 'quiet', residuals: [-0.01, 0.01], spread: 0.01 }];
  const trial = { noise: quiet, repeats: 1, before: 30, series: 20, seed: 1 };

  test('finds that a rule which never speaks finds nothing, and is never wrong', () => {
    expect(score(() => [], trial)).toMatchObject({ found: 0, falseAlarms: 0 });
  });

  test('finds that a rule which always speaks is wrong in every night', () => {
    const always = (logs: readonly number[]) => logs.map((_, seen) => ({ seen, at: seen, factor: 2 }));
    expect(score(always, trial)).toMatchObject({ found: 1, falseAlarms: 1000 });
  });

  test('does not count a step that is found where it is not, or as an improvement', () => {
    expect(score(() => [{ seen: 35, at: 12, factor: 1.1 }], trial).found).toBe(0);
    expect(score(() => [{ seen: 35, at: 30, factor: 0.9 }], trial).found).toBe(0);
    expect(score(() => [{ seen: 35, at: 30, factor: 1.1 }], trial).found).toBe(1);
  });

  test('without noise every rule finds the step that it is made for', () => {
    expect(score(divisive, trial)).toMatchObject({ found: 1, falseAlarms: 0 });
    expect(score(threshold(0.05), trial)).toMatchObject({ found: 1, falseAlarms: 0 });
    expect(score(threshold(0.2), trial)).toMatchObject({ found: 0, falseAlarms: 0 });
  });
});
