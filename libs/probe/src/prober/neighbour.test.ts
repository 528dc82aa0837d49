import { expect, test } from 'vitest';
import { parseNeighbour } from './neighbour.ts';

const address = '198.18.7.200';
const mac = '02:42:aa:52:11:c3';

// As iproute2 6.1 says it.
test.each([
  ['198.18.7.200 lladdr 02:42:AA:52:11:C3 REACHABLE ', { address, mac, state: 'REACHABLE' }],
  ['198.18.7.200 dev eth0 lladdr 02:42:aa:52:11:c3 STALE', { address, mac, state: 'STALE' }],
  ['198.18.7.200 lladdr 02:42:aa:52:11:c3 extern_learn REACHABLE', { address, mac, state: 'REACHABLE' }],
  ['198.18.7.200 FAILED ', { address, mac: null, state: 'FAILED' }],
  ['198.18.7.200 dev eth0 INCOMPLETE', { address, mac: null, state: 'INCOMPLETE' }],
  ['Deleted 198.18.7.200 FAILED ', { address, mac: null, state: 'GONE' }],
  ['Deleted 198.18.7.200 lladdr 02:42:aa:52:11:c3 STALE', { address, mac: null, state: 'GONE' }],
])('%s', (line, neighbour) => {
  expect(parseNeighbour(line)).toEqual(neighbour);
});

test('what is no neighbour is left alone', () => {
  expect(parseNeighbour('')).toBeUndefined();
  expect(parseNeighbour('Cannot open netlink socket: Operation not permitted')).toBeUndefined();
});
