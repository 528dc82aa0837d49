import { expect, test } from 'vitest';
import { parseLedger } from './entry.ts';

const ID = 'a'.repeat(64);
const OPEN = { type: 'open', version: 1, run: 'run-1', owner: { boot: 'b', pid: 7, started: '99' } };
const intent = (fault: string, node: string, more: object = {}) => ({
  type: 'intent',
  fault,
  kind: 'node-pause',
  parameters: {},
  node,
  container: ID,
  side: ID,
  expires: 1e9,
  ...more,
});
const undo = (fault: string, node: string) => ({ type: 'undo', fault, node, by: 'harness', outcome: 'unpaused' });
const text = (...lines: object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

test('what was meant and not undone is in force, whether it was seen to be done or not', () => {
  const ledger = parseLedger(
    text(
      OPEN,
      intent('fault-0', 'agent-0'),
      intent('fault-0', 'agent-1'),
      { type: 'effect', fault: 'fault-0' },
      intent('fault-1', 'agent-0'),
      undo('fault-0', 'agent-0'),
    ),
  );
  expect(ledger.inForce.map(({ fault, node }) => `${fault} ${node}`)).toEqual(['fault-0 agent-1', 'fault-1 agent-0']);
  expect(ledger).toMatchObject({ run: 'run-1', owner: { pid: 7 } });
});

test('what the survey saw, and by whom to undo it, is read back', () => {
  const more = { servers: [ID], memory: { replicas: 2 } };
  expect(parseLedger(text(OPEN, intent('fault-0', 'agent-0', more))).inForce).toMatchObject([more]);
});

test('a fault done again after it was undone is in force again', () => {
  const again = text(OPEN, intent('fault-0', 'agent-0'), undo('fault-0', 'agent-0'), intent('fault-0', 'agent-0'));
  expect(parseLedger(again).inForce).toHaveLength(1);
});

test('a last line that a power cut tore off is dropped, at whatever byte it was torn', () => {
  const whole = text(OPEN, intent('fault-0', 'agent-0'));
  const last = text(intent('fault-1', 'agent-1'));
  for (let bytes = 0; bytes < last.length; bytes++) {
    expect(parseLedger(whole + last.slice(0, bytes)).inForce.map(({ fault }) => fault)).toEqual(['fault-0']);
  }
});

test.each([
  ['no owner', text(intent('fault-0', 'agent-0')), /ledger:1: it does not begin with whose it is/],
  ['nothing', '', /ledger:1: it does not begin/],
  ['a newer version', text({ ...OPEN, version: 2 }), /ledger:1: version 2, this Faultline reads 1/],
  ['an unknown kind', text(OPEN, intent('fault-0', 'agent-0', { kind: 'rm-rf' })), /ledger:2: kind is "rm-rf"/],
  ['an unknown key', text(OPEN, intent('fault-0', 'agent-0', { command: 'reboot' })), /ledger:2: command is "reboot"/],
  [
    'a key that every object has',
    `${text(OPEN)}{"type":"effect","fault":"fault-0","constructor":1}\n`,
    /ledger:2: constructor is 1/,
  ],
  ['an unknown line', text(OPEN, { type: 'exec', argv: ['reboot'] }), /ledger:2: not a line that a ledger has/],
  ['a name that every object has', text(OPEN, { type: 'constructor' }), /ledger:2: not a line that a ledger has/],
  [
    'a container that is a path',
    text(OPEN, intent('fault-0', 'agent-0', { container: '../../info' })),
    /ledger:2: container is/,
  ],
  ['a node with a space', text(OPEN, intent('fault-0', 'agent 0')), /ledger:2: node is "agent 0"/],
  ['a missing key', text(OPEN, { ...intent('fault-0', 'agent-0'), side: undefined }), /ledger:2: side is missing/],
  [
    'a torn line in the middle',
    `${text(OPEN)}{"type":"eff\n${text(intent('fault-0', 'agent-0'))}`,
    /ledger:2: not a JSON object/,
  ],
  ['a server that is a path', text(OPEN, intent('fault-0', 'agent-0', { servers: ['../x'] })), /ledger:2: servers is/],
  ['a memory that is a list', text(OPEN, intent('fault-0', 'agent-0', { memory: [1] })), /ledger:2: memory is/],
  ['a list', `${text(OPEN)}[1]\n`, /ledger:2: not a line that a ledger has/],
])('a ledger with %s is refused, with its line', (_what, ledger, complaint) => {
  expect(() => parseLedger(ledger)).toThrow(complaint);
});
