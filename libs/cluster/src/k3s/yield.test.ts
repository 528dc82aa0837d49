import { expect, test } from 'vitest';
import { planCluster } from '../plan-cluster.ts';
import { yieldAddress } from './yield.ts';

const options = { tools: 'faultline/tools:1', app: 'faultline/userlist:1', subnet: null };

test.each([
  ['servicelb', 'every node answers at its own'],
  ['metallb-l2', 'the hash of its name decides'],
  ['keepalived', 'the priority decides'],
])('with %s nobody is elected, and the error says what decides', async (loadBalancer, reason) => {
  const wish = { substrate: 'k3s', servers: 1, agents: 2, backend: 'vxlan', loadBalancer };
  const cluster = {
    plan: planCluster(wish, options),
    kubeconfig: '/nowhere',
    virtualAddress: '198.18.7.200',
    announcer: () => Promise.reject(new Error('nobody is asked')),
  };
  await expect(yieldAddress({ name: 'agent-0' }, cluster, {})).rejects.toThrow(reason);
});
