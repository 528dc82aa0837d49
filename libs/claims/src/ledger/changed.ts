/** Claims that leave something behind in a cluster: labels that ServiceLB does not forget, flags, restarts. */
import { clusterClaim, seen, type Claim } from '../claim.ts';
import type { Rig } from '../rig.ts';
import { addressesOf, balanced, nodeAddresses, settledAddresses } from './objects.ts';

const PREFIX = 'svccontroller.k3s.cattle.io';

const label = async (rig: Rig, node: string, ...labels: readonly string[]): Promise<void> => {
  const names = labels.map((one) => `${PREFIX}/${one.split('=')[0]}-`);
  rig.defer(() => rig.kubectl('label', 'node', node, ...names));
  await rig.kubectl('label', 'node', node, '--overwrite', ...labels.map((one) => `${PREFIX}/${one}`));
};

const all = (rig: Rig) => (addresses: readonly string[]) => addresses.join() === nodeAddresses(rig).join();

/** What the Service has after a while that is long enough for whatever happens by itself: 12 s. */
async function later(rig: Rig, name: string): Promise<readonly string[]> {
  await rig.watch(12_000);
  return await addressesOf(rig, name);
}

export const changed: readonly Claim[] = [
  clusterClaim({
    id: 'A35',
    sentence: 'The label enablelb=true on a node makes an allow-list: only such nodes serve Services.',
    stands: ['S1', 'Controlling ServiceLB node selection'],
    predicted: ['true', 'as soon as any node has it'],
    setUp: 'changed',
    here: { is: 'enablelb=true on one node', of: 'enablelb=true' },
    twin: { is: 'another label on it', shows: 'control', of: 'enabled=true' },
    ask: async (rig: Rig, one: string) => {
      await rig.apply(balanced(rig.name, rig.port));
      await settledAddresses(rig, rig.name, all(rig));
      await label(rig, 'agent-0', one);
      const ask = () => addressesOf(rig, rig.name);
      const found = await rig.until('one address', 15_000, ask, ({ length }) => length === 1).catch(ask);
      return seen(found.join() === rig.node('agent-0').address, found.join(', ') || 'no address');
    },
  }),
  clusterClaim({
    id: 'A36',
    sentence: 'Taking the label enablelb off again gives the Service all nodes back.',
    stands: ['S1', 'Controlling ServiceLB node selection'],
    predicted: ['false', 'corrected by what was seen: touching the Service does not help either'],
    setUp: 'changed',
    here: { is: 'the label taken off', of: 'label' },
    twin: { is: 'and the Service deleted and made again', shows: 'control', of: 'service' },
    ask: async (rig: Rig, undo: 'label' | 'service') => {
      const { name, port } = rig;
      await rig.apply(balanced(name, port));
      await settledAddresses(rig, name, all(rig));
      await label(rig, 'agent-0', 'enablelb=true');
      await rig.until(
        'one address',
        20_000,
        () => addressesOf(rig, name),
        ({ length }) => length === 1,
      );
      await rig.kubectl('label', 'node', 'agent-0', `${PREFIX}/enablelb-`);
      if (undo === 'service') {
        await rig.kubectl('delete', 'service', name, '--namespace=default', '--wait=true');
        await rig.apply(balanced(name, port + 1000));
        await settledAddresses(rig, name, all(rig));
      }
      const found = undo === 'service' ? await addressesOf(rig, name) : await later(rig, name);
      return seen(all(rig)(found), found.join(', ') || 'no address');
    },
  }),
  clusterClaim({
    id: 'A37',
    sentence: 'lbpool labels split the nodes between Services, which may then have the same port.',
    stands: ['S1', 'Creating ServiceLB node pools'],
    predicted: ['true with a limit', 'Services that were there before the labels must be touched'],
    setUp: 'changed',
    here: { is: 'the nodes labelled first', of: 'nodes first' },
    twin: { is: 'the Service made before the nodes are labelled', shows: 'limit', of: 'service first' },
    ask: async (rig: Rig, order: 'nodes first' | 'service first') => {
      const { name, port } = rig;
      const make = () => rig.apply(balanced(name, port, {}, { labels: { [`${PREFIX}/lbpool`]: 'a' } }));
      if (order === 'service first') {
        await make();
        await settledAddresses(rig, name, all(rig));
      }
      await label(rig, 'agent-0', 'enablelb=true', 'lbpool=a');
      await label(rig, 'agent-1', 'enablelb=true', 'lbpool=b');
      if (order === 'nodes first') await make();
      const found = await later(rig, name);
      return seen(found.join() === rig.node('agent-0').address, found.join(', ') || 'no address');
    },
  }),
];
