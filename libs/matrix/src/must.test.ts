import { expect, test } from 'vitest';
import { exampleScenario, nothingNeeded } from './example-night.ts';
import { modelOf } from './model.ts';
import { mustIndex } from './must.ts';

const must = {
  why: 'it went wrong once',
  where: { scenario: 'one', loadBalancer: 'servicelb', backend: 'vxlan' },
} as const;
const chosen = (options: Partial<Parameters<typeof modelOf>[1]> = {}): string | undefined => {
  const { candidates } = modelOf([exampleScenario('one'), exampleScenario('two')], {
    faultNeeds: nothingNeeded,
    ...options,
  });
  return candidates[mustIndex(must, candidates)]?.id;
};

test('it is the cell that was named, on the release that is the default', () => {
  expect(chosen()).toBe('one/k3s-v1.33.3+k3s1-vxlan-servicelb');
});

test('where the default release takes no part, it is another one', () => {
  expect(chosen({ releases: ['v1.35.1+k3s1'] })).toBe('one/k3s-v1.35.1+k3s1-vxlan-servicelb');
});

test('a night without such a cell goes without it', () => {
  expect(chosen({ substrates: ['bare'] })).toBeUndefined();
});

test('a cell that can be run is taken before one that cannot', () => {
  const faultNeeds = (_: unknown, { controller }: { controller: string }) => ({
    needs: [],
    lacks: controller === 'default' ? [{ capability: 'netem', reason: 'none' }] : [],
  });
  const two = exampleScenario('one', {
    matrix: {
      substrate: ['k3s'],
      backend: ['vxlan'],
      loadBalancer: ['servicelb'],
      controller: ['default', 'daemonset'],
    },
  });
  const { candidates } = modelOf([two], { faultNeeds });
  expect(candidates[mustIndex(must, candidates)]?.cell.controller).toBe('daemonset');
});
