import { expect, test } from 'vitest';
import { ACTS } from './kind/all.act.ts';
import { FAULT_KINDS, faultKind, planFault, type FaultPlan } from './plan.ts';

const fault = (kind: string, parameters: FaultPlan['parameters'] = {}, more: Partial<FaultPlan> = {}): FaultPlan => ({
  id: 'fault-0',
  kind,
  parameters,
  target: { select: 'announcer' },
  afterMs: 5_000,
  lastingMs: 20_000,
  ...more,
});

const complaint = (plan: FaultPlan): string => {
  try {
    planFault(plan);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no complaint';
};

test('a good fault keeps what it says and gets the defaults of what it does not', () => {
  expect(planFault(fault('block-port', { protocol: 'udp', port: 8472 }))).toEqual(
    fault('block-port', { protocol: 'udp', port: 8472, direction: 'both', peers: 'anyone' }),
  );
  expect(planFault(fault('node-kill')).parameters).toEqual({ restart: true });
  expect(planFault(fault('node-pause')).parameters).toEqual({});
});

test('an unknown kind names the nearest one and all there are', () => {
  const names = FAULT_KINDS.map(({ name }) => name).join(', ');
  expect(complaint(fault('node-kil'))).toBe(
    `fault: unknown kind "node-kil": allowed are ${names}; did you mean node-kill?`,
  );
  expect(complaint(fault('earthquake'))).not.toContain('did you mean');
});

test('every problem of a fault is named at once', () => {
  const message = complaint(
    fault('block-port', { protocl: 'udp', port: 70_000, direction: 'inn' }, { lastingMs: -1, id: 'Fault 0' }),
  );
  expect(message).toMatchInlineSnapshot(`
    "fault block-port:
      - id "Fault 0": allowed are lower-case letters, digits and -, at most 40
      - lastingMs -1: allowed are 1 to 3600000 milliseconds
      - unknown parameter "protocl": allowed are protocol, port, direction, peers; did you mean protocol?
      - parameter protocol is missing (the transport protocol): allowed are tcp, udp, tcp+udp
      - parameter port: 70000: allowed are a port from 1 to 65535, or several and ranges that do not overlap: '2379-2380, 30000-32767'
      - parameter direction: "inn": allowed are in, out, both; did you mean in?"
  `);
});

test.each([0, 1.5, 65_536, Number.NaN, '', '0', '65536', 'ssh', '90-80', '80, 80-90', '1;reboot', '1-2-3'])(
  'a port of %j is refused',
  (port) => {
    expect(complaint(fault('block-port', { protocol: 'udp', port }))).toContain('a port from 1 to 65535');
  },
);

test.each([8472, '8472', '2379-2380', '2379-2380, 30000-32767', '443,80'])('a port of %j is taken', (port) => {
  expect(complaint(fault('block-port', { protocol: 'tcp', port }))).toBe('no complaint');
});

test.each(['', 'agent 1', 'agent-1, agent-1', 'others, agent-1', '$(reboot)', 7, true])(
  'peers of %j are refused',
  (peers) => {
    expect(complaint(fault('partition', { peers }))).toContain("names of machines ('agent-1, client')");
  },
);

test.each([0, -1, 100.1, '5', Number.POSITIVE_INFINITY])('a loss of %j percent is refused', (percent) => {
  expect(complaint(fault('loss', { percent }))).toContain('numbers from 0.1 to 100');
});

test('a parameter of the wrong type is refused, and one that objects are born with is unknown', () => {
  expect(complaint(fault('node-kill', { restart: 'yes' }))).toContain('allowed are true, false');
  expect(complaint(fault('node-pause', { constructor: 'x' }))).toContain(
    'unknown parameter "constructor": there are none',
  );
});

test.each(['', 'Speaker', 'kube vip', '../../x', '$(reboot)', 'x'.repeat(33), 7])(
  'a process called %j is refused',
  (process) => {
    expect(complaint(fault('process-kill', { process }))).toContain('a word of lower-case letters, digits and -');
  },
);

test('a process is named by its word', () => {
  expect(planFault(fault('process-kill', { process: 'kube-vip' })).parameters).toEqual({ process: 'kube-vip' });
});

test('every kind can be done, and every deed is of a kind', () => {
  expect(Object.keys(ACTS)).toEqual(FAULT_KINDS.map(({ name }) => name));
});

test('every kind says where it comes from and what must break', () => {
  for (const kind of FAULT_KINDS) {
    expect(kind.issue).toMatch(/^https:\/\/github\.com\/[\w-]+\/[\w.-]+\/issues\/\d+$/);
    expect(kind.sentence).toMatch(/\.$/);
    expect(kind.breaks.length).toBeGreaterThan(20);
    expect(faultKind(kind.name)).toBe(kind);
  }
});
