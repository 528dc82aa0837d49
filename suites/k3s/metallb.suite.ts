/** What MetalLB does with Services on real k3s: addresses asked for, addresses shared, and whom the app sees. */
import { freeOfPool } from '@faultline/cluster/plan';
import { elapse } from '@faultline/control';
import { expect, test } from 'vitest';
import { serviceRig } from './services.rig.ts';

const { signal } = new AbortController();
const rig = serviceRig({ suite: 'metallb', title: 'MetalLB, seen', loadBalancer: 'metallb-l2' });
const { createService, addressesOf, untilAddresses, untilAsked, untilEvent, saw } = rig;

const ASKED = 'metallb.io/loadBalancerIPs';
const SHARED = 'metallb.io/allow-shared-ip';

/** An address of the cluster's LAN. */
const host = (last: number): string => rig.cluster.client.address.replace(/\d+$/, String(last));

const free = (nth: number): string => freeOfPool(rig.cluster)[nth]!;

test('a Service gets the address of the pool that it asks for', async () => {
  await createService('wants-one', { port: 8080, annotations: { [ASKED]: free(0) } });
  await untilAddresses('wants-one', [free(0)]);
  await untilAsked(free(0), 8080, '200');
  saw('D1', `${ASKED}: ${free(0)} was given, and answers 200`);
});

test('a Service that asks for an address outside of the pool gets none, and is told why', async () => {
  await createService('wants-250', { port: 8080, annotations: { [ASKED]: host(250) } });
  const said = await untilEvent('AllocationFailed', host(250), 'default');
  // To get none is no state that comes: it is one that lasts.
  await elapse(10_000, signal);
  expect(await addressesOf('wants-250')).toEqual([]);
  saw('D1', `${ASKED}: ${host(250)}, outside of the pool: no address for 10 s, event: ${said}`);
});

test('Services share an address where all of them say so, each on a port of its own', async () => {
  const together = (port: number) => ({ port, annotations: { [ASKED]: free(1), [SHARED]: 'together' } });
  await createService('shares-8080', together(8080));
  await createService('shares-8081', together(8081));
  await untilAddresses('shares-8080', [free(1)]);
  await untilAddresses('shares-8081', [free(1)]);
  await untilAsked(free(1), 8080, '200');
  await untilAsked(free(1), 8081, '200');
  await createService('shares-not', { port: 8082, annotations: { [ASKED]: free(1) } });
  const said = await untilEvent('AllocationFailed', 'shares-not', 'default');
  expect(await addressesOf('shares-not')).toEqual([]);
  saw('D1', `two Services with one ${SHARED} share ${free(1)}; a third without it: ${said}`);
});

/** Whom the app says that it speaks with. */
async function seenBy(service: string, address: string, port: number): Promise<string> {
  await untilAddresses(service, [address]);
  await untilAsked(address, port, '200');
  const argv = ['curl', '--silent', '--max-time', '2', `http://${address}:${port}/whoami`];
  const { stdout } = await rig.cluster.client.exec(argv, { signal });
  return (JSON.parse(stdout) as { readonly remoteAddress: string }).remoteAddress;
}

test('under Local the app sees the client, under Cluster a node', async () => {
  const at = (nth: number, policy: string) => ({
    port: 8080,
    annotations: { [ASKED]: free(nth) },
    spec: { externalTrafficPolicy: policy },
  });
  await createService('sees-the-client', at(2, 'Local'));
  await createService('sees-a-node', at(3, 'Cluster'));
  const client = rig.cluster.client.address;
  expect(await seenBy('sees-the-client', free(2), 8080)).toBe(client);
  const masked = await seenBy('sees-a-node', free(3), 8080);
  expect(masked).not.toBe(client);
  saw('D1', `the app sees ${client} (the client) under Local, ${masked} under Cluster`);
});
