/** Load balancers whose address moves, on real k3s: each judged by what its own settings promise. */
import { imagesAtHand } from '@faultline/cluster';
import { DEFAULT_K3S, planCluster } from '@faultline/cluster/plan';
import { engine } from '@faultline/control';
import { expect, test, type TestContext } from 'vitest';
import { conduct, reasons } from '../conduct.ts';

/** @param words of the command, with the load balancer among them. */
async function runsWell(loadBalancer: string, words: readonly string[], { skip, signal }: TestContext): Promise<void> {
  const wish = { substrate: 'k3s', servers: 1, agents: 2, backend: 'vxlan', loadBalancer, k3s: DEFAULT_K3S };
  const { images } = planCluster(wish, { tools: 'faultline/tools:any', app: 'faultline/userlist:any', subnet: null });
  const foreign = images.filter((image) => !image.startsWith('faultline/'));
  const { missing } = await imagesAtHand(await engine(), foreign);
  if (missing.length > 0) skip(`not in the engine: ${missing.join(', ')}`);
  const conducted = await conduct([...words, '--substrate', 'k3s', '--lb', loadBalancer, '--seed', '7'], signal);
  expect(conducted.exitCode, reasons(conducted)).toBe(0);
}

test('MetalLB moves the address of a killed node within what memberlist promises', async (context) => {
  await runsWell('metallb-l2', ['kill-the-announcing-node'], context);
});

test('a frozen holder of kube-vip goes on answering beside its successor, and the check sees both', async (context) => {
  await runsWell('kube-vip-arp', ['freeze-the-announcing-node', '--lb-set', 'timing=5/3/1'], context);
});

test('a keepalived pair in front of k3s moves the address within what VRRP promises, three times on one cluster', async (context) => {
  await runsWell('keepalived', ['kill-the-announcing-node', '--repeat', '3'], context);
});
