import { expect, test } from 'vitest';
import type { PureClaim } from '../claim.ts';
import { CLAIMS } from './index.ts';
import { BOOTED, SET_UPS } from '../set-up.ts';

test('every claim of the ledger is there once', () => {
  const wanted = Array.from({ length: 126 }, (_, index) => `A${String(index + 1).padStart(2, '0')}`);
  const ids = CLAIMS.map(({ id }) => id as string);
  expect(new Set(ids).size).toBe(ids.length);
  expect(wanted.filter((id) => !ids.includes(id))).toEqual([]);
});

test.each(CLAIMS)('$id says something that can be wrong, where it stands, and why it was expected', (claim) => {
  expect(claim.sentence).toMatch(/^[\p{L}0-9-].+\.$/u);
  expect(claim.stands[1]).not.toBe('');
  expect(claim.predicted[1]).not.toBe('');
});

test('what is asked of a cluster has a set-up that is booted', () => {
  for (const claim of CLAIMS) {
    if (claim.how !== 'cluster') continue;
    expect(BOOTED, claim.id).toContain(claim.setUp);
    expect(BOOTED, claim.id).toContain(claim.twin.setUp);
  }
});

test('a twin says where it is, and not the same as the claim', () => {
  const twins = CLAIMS.filter((claim) => claim.how !== 'untestable');
  for (const claim of twins) {
    const here = claim.how === 'open' ? claim.plan : claim.here;
    expect(['', here], claim.id).not.toContain(claim.twin.is);
  }
});

test('pure questions come out otherwise in their twins', () => {
  for (const claim of CLAIMS.filter(({ how }) => how === 'pure') as readonly PureClaim[]) {
    expect(claim.ask('twin').holds, claim.id).toBe(!claim.ask('check').holds);
  }
});

test('every set-up is used, and says what it is', () => {
  const used = new Set(
    CLAIMS.flatMap((claim) => (claim.how === 'cluster' ? [claim.setUp, claim.twin.setUp] : [claim.setUp])),
  );
  expect(Object.keys(SET_UPS).filter((name) => !used.has(name as never))).toEqual([]);
});
