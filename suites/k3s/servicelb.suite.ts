/** What ServiceLB does with Services and node labels, on real k3s: names, addresses, taken ports, pools, source ranges. */
import { elapse } from '@faultline/control';
import { expect, test } from 'vitest';
import { serviceRig } from './services.rig.ts';

const { signal } = new AbortController();
const PREFIX = 'svccontroller.k3s.cattle.io';

const rig = serviceRig({
  suite: 'servicelb',
  title: 'ServiceLB, seen',
  loadBalancer: 'servicelb',
  afterEach: async ({ kubectl }) =>
    void (await kubectl('label', 'nodes', '--all', `${PREFIX}/enablelb-`, `${PREFIX}/lbpool-`)),
});
const { kubectl, list, createService, addressesOf, untilAddresses, asked, untilAsked, nodeAddresses, saw } = rig;

interface Named {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

const label = (node: string, ...labels: readonly string[]) =>
  kubectl('label', 'node', node, '--overwrite', ...labels.map((one) => `${PREFIX}/${one}`));
const inPool = (pool: string) => ({ labels: { [`${PREFIX}/lbpool`]: pool } });

test('one DaemonSet a Service, called by the Service and the begin of its uid', async () => {
  const [service] = await list<Named>('services', '--namespace=kube-system', '--field-selector=metadata.name=traefik');
  const found = await list<Named>('daemonsets', '--namespace=kube-system', `--selector=${PREFIX}/svcname=traefik`);
  expect(found.map(({ metadata }) => metadata.name)).toEqual([`svclb-traefik-${service?.metadata.uid.slice(0, 8)}`]);
  saw('A22, A23', `DaemonSet ${found[0]?.metadata.name} with the label ${PREFIX}/svcname=traefik`);
});

test("the status lists every node's address", async () => {
  await untilAddresses('traefik', nodeAddresses(), 'kube-system');
  const seen = await addressesOf('traefik', 'kube-system');
  expect(seen).toEqual(seen.toSorted());
  saw('A32, A33', `${seen.join(', ')}: each node's own, sorted`);
});

test('a second Service on another port gets every address too', async () => {
  await createService('on-8080', { port: 8080 });
  await untilAddresses('on-8080', nodeAddresses());
  await untilAsked(nodeAddresses()[1]!, 8080, '200');
  saw('A28', 'a second Service on port 8080 got every node, and answered 200');
});

test('a second Service on port 80 stays pending while the first keeps serving, and gets its addresses when the port is free', async () => {
  await createService('on-80', { port: 80 });
  await rig.untilEvent('FailedScheduling', "didn't have free ports", 'kube-system');
  // Pending is no state that comes: it is one that lasts.
  await elapse(20_000, signal);
  expect(await addressesOf('on-80')).toEqual([]);
  expect(await asked(nodeAddresses()[0]!, 80)).toBe('404');
  saw('A27', "pending for 20 s, FailedScheduling: didn't have free ports; the first Service answered meanwhile");
});

test('loadBalancerSourceRanges lets in whom it names, and nobody else', async () => {
  const [address = ''] = nodeAddresses('agent-0');
  await createService('mine', { port: 8081, spec: { loadBalancerSourceRanges: [`${rig.cluster.client.address}/32`] } });
  await createService('others', { port: 8082, spec: { loadBalancerSourceRanges: ['203.0.113.7/32'] } });
  await untilAddresses('others', nodeAddresses());
  await untilAsked(address, 8081, '200');
  expect(await asked(address, 8082)).toBe('000');
  saw('A40', 'the named client got 200, another range the same client: no answer');
});

test('enablelb on a node makes an allow-list, which neither its removal nor touching the Service undoes', async () => {
  await createService('listed', { port: 8080 });
  await untilAddresses('listed', nodeAddresses());
  await label('agent-0', 'enablelb=true');
  await untilAddresses('listed', nodeAddresses('agent-0'));
  await kubectl('label', 'node', 'agent-0', `${PREFIX}/enablelb-`);
  await elapse(15_000, signal);
  const later = await addressesOf('listed');
  saw('A35, A36', `enablelb=true on agent-0: its address alone; 15 s after the label was removed: ${later.join(', ')}`);
  expect(later).toEqual(nodeAddresses('agent-0'));
  await kubectl('annotate', 'service', 'listed', 'faultline.test/touched=true');
  await elapse(15_000, signal);
  const touched = await addressesOf('listed');
  expect(touched).toEqual(nodeAddresses('agent-0'));
  await kubectl('delete', 'service', 'listed', '--wait=true');
  await createService('listed', { port: 8080 });
  await untilAddresses('listed', nodeAddresses());
  saw('A36, corrected', `15 s after the Service was touched still ${touched.join(', ')}; deleted and made anew: all`);
});

test('pools split the nodes when nodes are labelled before the Services exist', async () => {
  await label('agent-0', 'enablelb=true', 'lbpool=a');
  await label('agent-1', 'enablelb=true', 'lbpool=b');
  await createService('in-a', { port: 8443, ...inPool('a') });
  await createService('in-b', { port: 8443, ...inPool('b') });
  await untilAddresses('in-a', nodeAddresses('agent-0'));
  await untilAddresses('in-b', nodeAddresses('agent-1'));
  saw('A37', 'labels first: two Services share port 8443, each on the node of its pool');
});

test('pools are not honoured by Services that were there before the labels, until they are touched', async () => {
  await createService('in-a', { port: 8443, ...inPool('a') });
  // No node is labelled yet: pools are for later.
  await untilAddresses('in-a', nodeAddresses());
  await label('agent-0', 'enablelb=true', 'lbpool=a');
  await label('agent-1', 'enablelb=true', 'lbpool=b');
  await untilAddresses('in-a', nodeAddresses('agent-0', 'agent-1'));
  await elapse(15_000, signal);
  const untouched = await addressesOf('in-a');
  expect(untouched).toHaveLength(2);
  await kubectl('annotate', 'service', 'in-a', 'faultline.test/touched=true');
  await untilAddresses('in-a', nodeAddresses('agent-0'));
  saw('A37', `Service first, labels later: ${untouched.join(', ') || 'no address'}; touched: the node of its pool`);
});
