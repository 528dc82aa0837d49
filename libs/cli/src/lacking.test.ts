/** A capability that host or cell lacks is a skip with its name, and says who needs it. */
import { FAULT_KINDS } from '@faultline/fault/plan';
import type { Engine } from '@faultline/control';
import type { HostFinding } from '@faultline/cluster';
import { expect, test } from 'vitest';
import { isKnownCapability, needsOfFaults } from './capability.ts';
import { skipWhereLacking } from './lacking.ts';

const NO_ENGINE = {} as Engine;
const cell = { substrate: 'bare', backend: 'vxlan', loadBalancer: 'keepalived' } as const;

/** A host that has everything but these; it remembers what it was asked for. */
function hostWithout(...absent: readonly string[]) {
  const asked: string[] = [];
  const lacking = async (_: Engine, names: readonly string[]): Promise<readonly HostFinding[]> => {
    asked.push(...names);
    const gone = names.filter((name) => absent.includes(name));
    return gone.map((name) => ({ name, present: false, how: 'it said no', skips: [] }));
  };
  return { asked, lacking };
}
const skip = (faults: readonly string[], host = hostWithout(), where: Parameters<typeof skipWhereLacking>[1] = cell) =>
  skipWhereLacking(NO_ENGINE, where, {
    signal: new AbortController().signal,
    tools: 'tools',
    needs: needsOfFaults(faults.map((kind, index) => ({ id: `fault-${index}`, kind }))),
    lacking: host.lacking,
  });

test('every capability in the catalogue is known: somebody can say whether it is there', () => {
  const unknown = FAULT_KINDS.filter(({ capability }) => capability !== null && !isKnownCapability(capability));
  expect(unknown.map(({ name, capability }) => `${name}: ${capability}`)).toEqual([]);
});

test('of several faults each that needs what the host lacks is named, with what it said', async () => {
  const host = hostWithout('nft netdev egress');
  await expect(skip(['block-port', 'unplug', 'node-kill'], host)).rejects.toThrow(
    'fault-1 (unplug): this host lacks nft netdev egress (it said no). Next: faultline doctor',
  );
  expect(host.asked).toEqual(['vxlan', 'nft owner', 'nft netdev egress']);
});

test('a backend that the host lacks is named with its load balancer', async () => {
  await expect(skip(['node-kill'], hostWithout('vxlan'))).rejects.toThrow(
    'vxlan with keepalived: this host lacks vxlan (it said no)',
  );
});

test('what the cell cannot have skips before the host is asked', async () => {
  const host = hostWithout();
  await expect(skip(['node-kill', 'node-drain'], host)).rejects.toMatchObject({
    name: 'SkippedError',
    capability: 'kubernetes',
    message: 'fault-1 (node-drain) needs kubernetes: there is no Kubernetes on bare',
  });
  expect(host.asked).toEqual([]);
  await expect(
    skip(['node-drain'], hostWithout(), { substrate: 'k3s', backend: 'host-gw', loadBalancer: 'servicelb' }),
  ).resolves.toBeUndefined();
});
