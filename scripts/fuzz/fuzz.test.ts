import { seeded } from '@faultline/scenario/plan';
import { expect, test, vi } from 'vitest';
import { campaign, seedsOf } from './campaign.ts';
import { drawTrial } from './draw.ts';
import { distinct, shown } from './show.ts';
import { emptyWorld, tried } from './try.ts';

vi.setConfig({ testTimeout: 120_000 });

test('two thousand generated scenarios, faults and command lines: none crashes, and every refusal says why', async () => {
  const { crashes, taken, refused } = await campaign({ count: 2_000, seed: 7 });
  expect(distinct(crashes).map(shown)).toEqual([]);
  expect(taken).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(1_000);
});

test('the same seed tries the same', async () => {
  const seeds = await seedsOf();
  const draw = () => {
    const random = seeded(3);
    return Array.from({ length: 50 }, () => drawTrial(random, seeds)).filter(({ what }) => what === 'command');
  };
  expect(draw()).toEqual(draw());
});

test('a crash is told from a refusal', async () => {
  using _world = emptyWorld();
  const broken = {
    get kind(): never {
      throw new TypeError('a bug');
    },
  };
  expect(await tried({ what: 'fault', input: broken })).toMatchObject({ outcome: 'crashed' });
  expect(await tried({ what: 'fault', input: null })).toMatchObject({ outcome: 'refused' });
  expect(await tried({ what: 'command', words: ['run', 'blok-vxlan'] })).toMatchObject({
    outcome: 'refused',
    message: expect.stringContaining('Did you mean block-vxlan?'),
  });
  expect(await tried({ what: 'command', words: ['ls'] })).toMatchObject({ outcome: 'taken' });
});
