/**
 * Ten broken injectors, each caught by the gates, on a real engine and a real kernel; and the honest one passes.
 *
 * A mutant has the honest injector's own proof, which knows nothing of what was done to it: what is shown here is that the
 * gates see the kernel and not the injector.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgeProof, type ProofVerdict } from '@faultline/checker';
import type { ClusterNode } from '@faultline/cluster';
import { elapse } from '@faultline/control';
import { ACTS, openSession, type Act, type Prepared, type Scene } from '@faultline/fault';
import type { FaultParameters, FaultPlan } from '@faultline/fault/plan';
import { memoryHistory, systemClock } from '@faultline/history';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openRig, planOf, type Rig } from './fault.rig.ts';

const { signal } = new AbortController();
const OVERLAY = 8472;
const LASTING_MS = 3_000;
const honest = ACTS['block-port'] as Act;

let rig: Rig;
let ledgerFolder: string;

beforeAll(async () => {
  rig = await openRig(`mutants-${systemClock.now().toString(36)}`);
});
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(async () => {
  ledgerFolder = await mkdtemp(join(tmpdir(), 'faultline-ledger-'));
});
afterEach(() => rm(ledgerFolder, { recursive: true }));

/** Sends a datagram every 5 ms to the port of each node, whether anybody listens or not. */
const TRAFFIC = `const [port, ...addresses] = process.argv.slice(1);
const socket = require('node:dgram').createSocket('udp4');
const send = () => addresses.forEach((address) => socket.send('x', Number(port), address, () => {}));
socket.bind(Number(port), () => { setInterval(send, 5); console.log('sending'); });
process.stdin.resume().on('end', () => process.exit());`;

const blocked = (parameters: FaultParameters = {}): FaultPlan =>
  planOf('block-port', { protocol: 'udp', port: OVERLAY, direction: 'both', ...parameters }, { lastingMs: LASTING_MS });

/** One experiment with this injector, as a run makes it: inject, wait, prove, heal; judged by its history alone. */
async function verdictOn(
  prepare: Act['prepare'],
  { plan = blocked(), nodes = [rig.nodes[0]] }: { plan?: FaultPlan; nodes?: readonly ClusterNode[] } = {},
): Promise<ProofVerdict> {
  const history = memoryHistory();
  const addresses = rig.nodes.map(({ address }) => address);
  await using traffic = await rig.client.start(['node', '-e', TRAFFIC, String(OVERLAY), ...addresses]);
  await once(traffic.stdout, 'data', { signal: AbortSignal.timeout(10_000) });
  const options = { run: rig.run, engine: rig.engine, history, ledgerFolder, cluster: rig };
  const session = await openSession({ ...options, acts: { 'block-port': { ...honest, prepare } } });
  try {
    const fault = await session.inject(plan, nodes, { signal });
    await elapse(plan.lastingMs, signal);
    await fault.prove({ signal });
    await fault.heal();
  } finally {
    await session[Symbol.asyncDispose]();
  }
  const verdict = judgeProof(history.events);
  process.stdout.write(`${expect.getState().currentTestName}: ${verdict.outcome}: ${verdict.reason}\n`);
  return verdict;
}

const withParameters = (scene: Scene, parameters: FaultParameters): Scene => ({
  ...scene,
  plan: { ...scene.plan, parameters: { ...scene.plan.parameters, ...parameters } },
});

/** The honest one, but for these; disposing undoes both. */
function instead(prepared: Prepared, other: Partial<Prepared>, undo: () => Promise<void> = async () => {}): Prepared {
  const heal = async () => {
    await undo();
    await prepared.heal();
  };
  return { ...prepared, heal, [Symbol.asyncDispose]: heal, ...other };
}

describe('the honest injector passes', () => {
  test('on one node', async () => {
    const { outcome, reason, checks } = await verdictOn(honest.prepare);
    expect(outcome, reason).toBe('pass');
    expect(checks).toContainEqual(
      expect.objectContaining({
        check: 'fault as planned',
        reason: expect.stringMatching(/exactly the \d+ lines of its plan on agent-0 at each of 3 looks/),
      }),
    );
    expect(checks).toContainEqual(
      expect.objectContaining({
        check: 'control alive',
        reason: 'every machine left alone answered at each of 3 looks: agent-0, agent-1',
      }),
    );
  });

  test('on both', async () => {
    const { outcome, reason } = await verdictOn(honest.prepare, { nodes: rig.nodes });
    expect(outcome, reason).toBe('pass');
  });
});

/** What each must be told to be; the reason is the gate's, so that no mutant is caught by accident. */
const caught = ({ outcome, reason, checks }: ProofVerdict, as: 'inconclusive' | 'fail', by: RegExp) => {
  expect(outcome, reason).toBe(as);
  const bad = checks.filter((check) => check.outcome !== 'pass').map((check) => check.reason);
  expect(bad.join('\n')).toMatch(by);
};

describe('an injector is caught', () => {
  test('1: that does nothing', async () => {
    const verdict = await verdictOn(async (scene, memory) =>
      instead(await honest.prepare(scene, memory), { strike: async () => {} }),
    );
    caught(verdict, 'inconclusive', /not in force as planned/);
  });

  test('2: that strikes the wrong node', async () => {
    const verdict = await verdictOn(async (scene, memory) => {
      const right = await honest.prepare(scene, memory);
      const wrong = await honest.prepare({ ...scene, node: rig.nodes[1] }, memory);
      return instead(right, { strike: wrong.strike }, wrong.heal);
    });
    caught(verdict, 'inconclusive', /not in force as planned/);
    caught(verdict, 'inconclusive', /agent-1: \+ nft: table inet faultline_fault_0/);
  });

  test('3: that blocks the wrong port', async () => {
    const verdict = await verdictOn((scene, memory) => honest.prepare(withParameters(scene, { port: 8473 }), memory));
    caught(verdict, 'inconclusive', /\+ nft: .* udp dport 8473 counter drop/);
  });

  test('4: that does half of it, one chain of two', async () => {
    const half = (scene: Scene) => withParameters(scene, { direction: 'in' });
    const verdict = await verdictOn((scene, memory) => honest.prepare(half(scene), memory));
    caught(verdict, 'inconclusive', /- nft: .* chain outbound/);
  });

  test('4: that does half of it, one node of two', async () => {
    const verdict = await verdictOn(
      async (scene, memory) => {
        const prepared = await honest.prepare(scene, memory);
        return scene.node === rig.nodes[0] ? prepared : instead(prepared, { strike: async () => {} });
      },
      { nodes: rig.nodes },
    );
    caught(verdict, 'inconclusive', /agent-1: (- nft|no rule)/);
  });

  test('5: that leaves something behind, on any node', async () => {
    const route = (verb: 'add' | 'del') =>
      rig.nodes[1].side.exec(['ip', 'route', verb, 'blackhole', '203.0.113.0/24'], { accept: 'any' });
    try {
      const verdict = await verdictOn(async (scene, memory) => {
        const prepared = await honest.prepare(scene, memory);
        return instead(prepared, { strike: async () => void (await Promise.all([prepared.strike(), route('add')])) });
      });
      caught(verdict, 'fail', /left behind on agent-1: \+ route: blackhole 203\.0\.113\.0\/24/);
    } finally {
      await route('del');
    }
  });

  test('6: that does it twice', async () => {
    const verdict = await verdictOn(async (scene, memory) => {
      const first = await honest.prepare(scene, memory);
      const again = await honest.prepare({ ...scene, plan: { ...scene.plan, id: `${scene.plan.id}-again` } }, memory);
      return instead(
        first,
        { strike: async () => void (await Promise.all([first.strike(), again.strike()])) },
        again.heal,
      );
    });
    caught(verdict, 'inconclusive', /\+ nft: table inet faultline_fault_0_again/);
  });

  test('7: that is late', async () => {
    const verdict = await verdictOn(async (scene, memory) => {
      const prepared = await honest.prepare(scene, memory);
      let late: Promise<void> = Promise.resolve();
      const strike = async () => {
        late = elapse(1_000, signal).then(prepared.strike);
      };
      return instead(prepared, { strike }, () => late);
    });
    caught(verdict, 'inconclusive', /not in force right after its injection/);
  });

  test('8: that expires early', async () => {
    const verdict = await verdictOn(async (scene, memory) => {
      const prepared = await honest.prepare(scene, memory);
      let early: Promise<void> = Promise.resolve();
      const strike = async () => {
        await prepared.strike();
        early = elapse(2_000, signal).then(prepared.heal);
      };
      return instead(prepared, { strike }, () => early);
    });
    caught(verdict, 'inconclusive', /not in force|cannot be proved|no rule/);
  });

  test('9: that blocks the wrong direction', async () => {
    const plan = blocked({ direction: 'in' });
    const wrong = (scene: Scene) => withParameters(scene, { direction: 'out' });
    const verdict = await verdictOn((scene, memory) => honest.prepare(wrong(scene), memory), { plan });
    caught(verdict, 'inconclusive', /\+ nft: .* chain outbound/);
  });

  test('10: that flaps, though nobody looks while it is away', async () => {
    const verdict = await verdictOn(async (scene, memory) => {
      let current = await honest.prepare(scene, memory);
      let flapping: Promise<void> = Promise.resolve();
      const flap = async () => {
        // After the first look and before the second.
        await elapse(LASTING_MS / 4, signal);
        await current.heal();
        current = await honest.prepare(scene, memory);
        await current.strike();
      };
      const strike = async () => {
        await current.strike();
        flapping = flap();
      };
      const prepared = instead(current, { strike });
      const heal = async () => {
        await flapping;
        await current.heal();
      };
      return {
        ...prepared,
        prove: (asked) => current.prove(asked),
        look: async (asked) => (await current.look?.(asked)) ?? { state: false, detail: 'cannot be looked at' },
        heal,
        [Symbol.asyncDispose]: heal,
      };
    });
    caught(verdict, 'inconclusive', /taken away and made again on agent-0/);
  });
});
