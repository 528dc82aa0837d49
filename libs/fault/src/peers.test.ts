import { expect, test } from 'vitest';
import { arePeers, peersOf, type Machine } from './peers.ts';

const machine = (name: string, host: number): Machine => ({
  name,
  address: `198.18.5.${host}`,
  mac: `02:42:c6:12:05:${host.toString(16).padStart(2, '0')}`,
});
const machines = [machine('server-0', 10), machine('agent-0', 11), machine('agent-1', 12), machine('client', 100)];
const peers = (value: string, self: string, struck: readonly string[] = [self]) =>
  peersOf(value, { self, struck, machines })?.map(({ name }) => name);

test('others are all that are not struck, and never the client', () => {
  expect(peers('others', 'agent-1')).toEqual(['server-0', 'agent-0']);
  expect(peers('others', 'agent-1', ['agent-0', 'agent-1'])).toEqual(['server-0']);
});

test('where all are struck, each has every other', () => {
  const all = ['server-0', 'agent-0', 'agent-1'];
  expect(peers('others', 'agent-0', all)).toEqual(['server-0', 'agent-1']);
});

test('named ones are those, the client too where it is asked for', () => {
  expect(peers('agent-0,client', 'agent-1')).toEqual(['agent-0', 'client']);
  expect(peers('anyone', 'agent-1')).toBeUndefined();
});

test('a machine that is not there, or is the struck one itself, is refused with who is there', () => {
  const there = 'There: server-0, agent-0, client';
  expect(() => peers('agent-7', 'agent-1')).toThrow(`there is no other machine agent-7. ${there}`);
  expect(() => peers('agent-1', 'agent-1')).toThrow(`there is no other machine agent-1. ${there}`);
  expect(() => peersOf('others', { self: 'x', struck: ['x'], machines: [] })).toThrow('x has no others');
});

test('a name is a name', () => {
  expect(arePeers('agent-0, agent-1')).toBe(true);
  expect(arePeers('agent-0; flush ruleset')).toBe(false);
  expect(arePeers(Array.from({ length: 31 }, (_, index) => `agent-${index}`).join())).toBe(false);
});
