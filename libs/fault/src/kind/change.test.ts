import type { Commander, Engine, ExecOptions } from '@faultline/control';
import { describe, expect, test } from 'vitest';
import type { Intent } from '../ledger/entry.ts';
import { addedRoutes, asLines, asText, isOn, isRouted } from '../routes.ts';
import type { Act, Scene } from './act.ts';
import { besides } from './address-change.act.ts';
import { ACTS } from './all.act.ts';
import { changeAct } from './change.act.ts';
import { comeUp, ours, raise, routesOf } from './link.ts';

const { signal } = new AbortController();

const ROUTES = `unreachable default
10.42.1.0/24 via 198.18.5.11 dev eth0 linkdown
10.42.2.0/24 via 10.42.2.0 dev flannel.1 onlink
10.43.0.0/16 dev eth0 scope link
198.18.5.0/24 dev eth0 proto kernel scope link src 198.18.5.10
`;

/** A side-car that says what it is told to, and remembers what it was asked and told. */
function sideCar(answers: Readonly<Record<string, string>>): { side: Commander; said: string[] } {
  const said: string[] = [];
  const exec = async (argv: readonly string[], { input = '' }: ExecOptions = {}) => {
    const asked = argv.join(' ');
    if (input) said.push(...input.trim().split('\n'));
    return { stdout: answers[asked] ?? '', stderr: '', exitCode: 0, durationMs: 1 };
  };
  return { side: { name: 'agent-0', exec } as Commander, said };
}

const link = (...flags: readonly string[]) => JSON.stringify([{ ifname: 'eth0', flags, mtu: 1500 }]);
const SHOW_LINK = 'ip -json link show dev eth0';
const SHOW_ROUTES = 'ip -4 route show';

describe('routes that die with a link', () => {
  const { side } = sideCar({ [SHOW_ROUTES]: ROUTES });
  const scene = (servers: readonly string[]) => ({ node: { side, interface: 'eth0' }, servers }) as unknown as Scene;

  test('are those over it that somebody added, as they can be added again', async () => {
    expect((await addedRoutes(side)).filter(isOn('eth0'))).toEqual([
      '10.42.1.0/24 via 198.18.5.11 dev eth0',
      '10.43.0.0/16 dev eth0 scope link',
    ]);
  });

  test("are Flannel's to make again where there is a Flannel, and ours elsewhere", async () => {
    const k3s = await routesOf(scene(['server']));
    expect(ours(k3s)).toEqual(['10.43.0.0/16 dev eth0 scope link']);
    expect(asLines(k3s.left).every(isRouted)).toBe(true);
    expect(ours(await routesOf(scene([])))).toHaveLength(2);
  });

  test('are restored by healing as far as they are ours, and all of them for the dead', async () => {
    const memory = { device: 'eth0', ...(await routesOf(scene(['server']))) };
    const healing = sideCar({});
    await comeUp(healing.side, memory);
    expect(healing.said).toEqual(['link set dev eth0 up', 'route replace 10.43.0.0/16 dev eth0 scope link']);
    const undoing = sideCar({ [SHOW_LINK]: link('BROADCAST') });
    expect(await raise(undoing.side, memory)).toBe('eth0 is up again, and 2 of its routes back');
    expect(undoing.said).toHaveLength(3);
  });

  test('are left alone where the link is up and nothing is missing', async () => {
    const { side: whole, said } = sideCar({ [SHOW_LINK]: link('BROADCAST', 'UP'), [SHOW_ROUTES]: ROUTES });
    const memory = { device: 'eth0', ...(await routesOf(scene([]))) };
    expect(await raise(whole, memory)).toBe('eth0 was up');
    expect(said).toEqual([]);
  });
});

test('a text of a ledger is its lines, and nothing is none', () => {
  expect(asLines(asText(['a', 'b']))).toEqual(['a', 'b']);
  expect(asLines('')).toEqual([]);
  expect(asLines(undefined)).toEqual([]);
});

test('the second self of a node is where nobody is: not among nodes, clients or virtual addresses', () => {
  expect(besides('198.18.5.10')).toBe('198.18.5.60');
  expect(besides('198.18.5.37')).toBe('198.18.5.87');
});

const untouched = {
  getContainer: () => {
    throw new Error('the engine was asked');
  },
} as unknown as Engine;

describe('undoing by a ledger', () => {
  const intent = (kind: string, memory: Intent['memory'] = {}): Intent => {
    const where = { node: 'agent-0', container: 'a'.repeat(64), side: 'b'.repeat(64) };
    return { type: 'intent', fault: 'fault-0', kind, parameters: {}, ...where, memory, expires: 1 };
  };

  const strange = ['eth0; reboot', '$(reboot)', '--batch', 'eth0\n-force', 'a`b`', "it's"];
  const kinds = ['rate', 'delay', 'mtu', 'link-down', 'link-flap', 'address-change', 'no-default-route', 'stale-fdb'];

  test.each(kinds)('%s refuses what no survey says, and touches nothing', async (kind) => {
    for (const device of strange) {
      const act = ACTS[kind] as Act;
      await expect(act.undo(untouched, intent(kind, { device }))).resolves.toMatch(/^refused: device is /);
    }
  });
});

describe('a change', () => {
  let isThere = false;
  const engine = { getContainer: () => ({ inspect: async () => ({ State: { Running: true } }) }) };
  const scene = { engine, node: { name: 'agent-0', side: sideCar({}).side }, signal } as unknown as Scene;
  const act = (settle?: () => Promise<string>) =>
    changeAct({
      survey: async () => ({}),
      strike: async () => void (isThere = true),
      look: async () => ({ inForce: isThere, detail: isThere ? 'it is there' : 'it is not there' }),
      seen: async () => ({ effect: isThere, detail: 'as far as one sees' }),
      async restore() {
        isThere = false;
        return 'restored';
      },
      ...(settle && { settle }),
    });

  test('is proved by what is read back, before and after', async () => {
    const prepared = await act().prepare(scene, {});
    expect(await prepared.prove(signal)).toMatchObject({ state: false, effect: false });
    await prepared.strike();
    expect(await prepared.prove(signal)).toEqual({
      state: true,
      effect: true,
      detail: 'it is there, as far as one sees',
    });
    expect(await prepared.proveGone()).toMatchObject({ state: false });
    await prepared.heal();
    expect(await prepared.proveGone()).toEqual({ state: true, effect: null, detail: 'it is not there' });
  });

  test('says who brought back what was not its own to restore', async () => {
    const prepared = await act(async () => 'Flannel did').prepare(scene, {});
    await prepared.strike();
    await prepared.heal();
    expect(await prepared.proveGone()).toMatchObject({ state: true, detail: 'it is not there, Flannel did' });
  });
});
