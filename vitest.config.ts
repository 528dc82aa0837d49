/**
 * Four projects: `unit` needs nothing, `bare` a container engine, `k3s` the k3s images too; `track-record` is hours of k3s, and
 * no part of `npm test`: `npm test -- track-record`.
 *
 * Suites share one host, and measure it: files run one after the other, and `unit` never beside them.
 */
import { defineConfig } from 'vitest/config';

const MINUTES = 60_000;

const suite = (name: string, groupOrder: number) => ({
  test: {
    name,
    include: [`suites/${name}/**/*.suite.ts`],
    fileParallelism: false,
    testTimeout: 10 * MINUTES,
    hookTimeout: 10 * MINUTES,
    teardownTimeout: 2 * MINUTES,
    sequence: { groupOrder },
  },
});

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['libs/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      suite('bare', 1),
      suite('k3s', 2),
      suite('track-record', 3),
    ],
  },
});
