import type { EventOf, Stamped } from '@faultline/history';
import { describe, expect, test } from 'vitest';
import { overlayBlocked } from './example.ts';
import { judge } from './judge.ts';
import { judgeProof } from './proof.ts';

type Look = EventOf<'fault.look'>;
type Told = Partial<Omit<Look, 'type' | 'at' | 'seq' | 'wall'>>;

const LOOK = {
  type: 'fault.look',
  fault: 'fault-0',
  state: true,
  planned: 4,
  differs: [],
  identity: { 'agent-1': '7.1.2' },
  acted: { 'agent-1': 10 },
  alive: ['agent-0', 'server-0'],
  dead: [],
  detail: 'agent-1: in force',
} as const;

/** The blocked overlay, looked at four times; `told` is what one of the looks says otherwise. */
function looked(told: Partial<Record<Look['when'], Told | null>> = {}): readonly Stamped[] {
  const events = overlayBlocked(1);
  const proof = events.findIndex(({ type }) => type === 'fault.prove');
  const { at, wall, seq } = events[proof] as Stamped;
  const look = (when: Look['when'], acted: number): Stamped[] => {
    const other = told[when];
    if (other === null) return [];
    return [{ ...LOOK, when, acted: when === 'healed' ? {} : { 'agent-1': acted }, ...other, at, wall, seq }];
  };
  const during = [...look('injected', 1), ...look('between', 8), ...look('end', 20)];
  return [...events.slice(0, proof), ...during, ...events.slice(proof), ...look('healed', 0)];
}

const BLOCKED = [{ check: 'reachability', lost: 'cross-node-of-target' }] as const;
const outcomes = (told: Parameters<typeof looked>[0]) => {
  const { outcome, reason } = judgeProof(looked(told));
  expect(judge(looked(told), BLOCKED).outcome).toBe(outcome);
  return `${outcome}: ${reason}`;
};

describe('a fault that was looked at', () => {
  test('and was as planned every time, passes, and says so', () => {
    expect(judgeProof(looked())).toMatchObject({ outcome: 'pass' });
    const { checks, outcome } = judge(looked(), BLOCKED);
    expect(outcome).toBe('pass');
    expect(checks).toContainEqual({
      check: 'fault as planned',
      outcome: 'pass',
      reason: 'block-port: exactly the 4 lines of its plan on agent-1 at each of 3 looks',
    });
    expect(checks).toContainEqual(
      expect.objectContaining({
        check: 'control alive',
        reason: 'every machine left alone answered at each of 3 looks: agent-0, server-0',
      }),
    );
  });

  test('is in doubt when a line is missing, too many, or another', () => {
    expect(outcomes({ end: { differs: ['agent-0: + nft: table inet faultline_fault_0'] } })).toMatch(
      /^inconclusive: not as planned: block-port was another than planned at its end: agent-0: \+ nft/,
    );
  });

  test('is in doubt when it was late', () => {
    expect(outcomes({ injected: { state: false } })).toMatch(/not in force right after its injection/);
  });

  test('is in doubt when it was made anew between two looks, whatever its text', () => {
    const anew = /^inconclusive: .* taken away and made again on agent-1 before the look in between/;
    expect(
      outcomes({ between: { identity: { 'agent-1': '8.1.2' } }, end: { identity: { 'agent-1': '8.1.2' } } }),
    ).toMatch(anew);
    expect(outcomes({ between: { acted: { 'agent-1': 0 } } })).toMatch(anew);
  });

  test('is in doubt when nobody looked at its begin or its end', () => {
    expect(outcomes({ injected: null })).toMatch(/was not looked at right after its injection/);
    expect(outcomes({ end: null })).toMatch(/was not looked at at its end/);
    expect(outcomes({ between: null })).toMatch(/^pass/);
  });

  test('is in doubt when its control died', () => {
    expect(outcomes({ between: { dead: ['server-0'] } })).toBe(
      'inconclusive: control died: server-0, which block-port leaves alone, was silent in between',
    );
  });

  test('fails when a machine is silent after healing, and is in doubt when nobody could ask', () => {
    expect(outcomes({ healed: { dead: ['agent-1'] } })).toBe('fail: agent-1 does not answer after healing');
    expect(outcomes({ healed: { state: false, detail: 'cannot be looked at: no client' } })).toMatch(/^inconclusive/);
  });
});

test('a history from before there were looks is judged as it was', () => {
  const { checks } = judge(overlayBlocked(1), BLOCKED);
  expect(checks.map(({ check }) => check)).not.toContain('fault as planned');
});
