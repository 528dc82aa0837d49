import { expect, test } from 'vitest';
import { electionAfterDeath } from './lease.ts';

/** What 200 000 trials with dice gave: least, median, most, in seconds. The extremes of trials are themselves by chance. */
test.each([
  [{ durationSeconds: 15, retrySeconds: 2 }, [13.1, 16.5, 22.1]],
  [{ durationSeconds: 5, retrySeconds: 1 }, [4.0, 5.7, 8.6]],
  [{ durationSeconds: 3, retrySeconds: 0.2 }, [2.8, 3.15, 3.7]],
] as const)('an election by a lease of %o takes what trials took', (lease, [least, median, most]) => {
  const election = electionAfterDeath(lease, 2);
  expect(Math.abs(election.atLeastMs / 1000 - least)).toBeLessThan(0.11);
  expect(Math.abs(election.medianMs / 1000 - median)).toBeLessThan(0.06);
  expect(Math.abs(election.atMostMs / 1000 - most)).toBeLessThan(0.11);
});

test('no election is shorter than the lease less one retry period, nor longer than it and two longest pauses', () => {
  for (const standbys of [1, 2, 26]) {
    const { atLeastMs, atMostMs } = electionAfterDeath({ durationSeconds: 15, retrySeconds: 2 }, standbys);
    expect(atLeastMs).toBeGreaterThanOrEqual(13_000);
    expect(atMostMs).toBeLessThanOrEqual(15_000 + 2 * 4_400);
  }
});

test('a holder that tells the LAN every 3 s only is heard of 1.5 s later in the middle, and 3 s at most', () => {
  const lease = { durationSeconds: 15, retrySeconds: 2 };
  const [elected, heard] = [electionAfterDeath(lease, 2), electionAfterDeath(lease, 2, 3)];
  expect(heard.medianMs - elected.medianMs).toBeGreaterThan(1350);
  expect(heard.medianMs - elected.medianMs).toBeLessThan(1650);
  expect(heard.atMostMs - elected.atMostMs).toBeLessThanOrEqual(3000);
});

test('the more standbys, the earlier one of them takes over', () => {
  const [one, two, many] = [1, 2, 10].map((n) => electionAfterDeath({ durationSeconds: 15, retrySeconds: 2 }, n));
  expect(two?.medianMs).toBeLessThan(one?.medianMs ?? 0);
  expect(many?.medianMs).toBeLessThan(two?.medianMs ?? 0);
});
