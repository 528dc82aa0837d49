import { planCluster } from '@faultline/cluster/plan';
import { expect, test } from 'vitest';
import { planBarePods } from './bare-pods.ts';
import { DEFAULT_HOST } from './spec.ts';

const spec = { app: 'faultline/userlist:1a2b3c', replicas: 6, host: DEFAULT_HOST, place: 'spread' } as const;
const { nodes } = planCluster(
  { substrate: 'bare', servers: 1, agents: 2, backend: 'vxlan', loadBalancer: 'keepalived' },
  { tools: 'tools', app: 'app', subnet: null },
);

test('six pods over three nodes are two on each, in turns', () => {
  const pods = planBarePods(spec, nodes);
  expect(pods.map(({ name, node, address, netns }) => [name, node, address, netns].join(' '))).toEqual([
    'userlist-0 server-0 10.42.0.10 /run/netns/userlist-0',
    'userlist-1 agent-0 10.42.1.10 /run/netns/userlist-1',
    'userlist-2 agent-1 10.42.2.10 /run/netns/userlist-2',
    'userlist-3 server-0 10.42.0.11 /run/netns/userlist-3',
    'userlist-4 agent-0 10.42.1.11 /run/netns/userlist-4',
    'userlist-5 agent-1 10.42.2.11 /run/netns/userlist-5',
  ]);
});

test('a pod is told who it is, and runs as the user of the image', () => {
  const [, pod] = planBarePods(spec, nodes);
  expect(pod?.env).toEqual({ POD_NAME: 'userlist-1', NODE_NAME: 'agent-0', PORT: '8181' });
  expect(pod?.argv.join(' ')).toBe(
    'setpriv --reuid=65532 --regid=65532 --clear-groups --no-new-privs node /app/main.ts',
  );
});

test('sixty pods have sixty addresses', () => {
  const pods = planBarePods({ ...spec, replicas: 60 }, nodes);
  expect(new Set(pods.map(({ address }) => address)).size).toBe(60);
});

test('another image is refused: nothing here could run it', () => {
  expect(() => planBarePods({ ...spec, app: 'ssongman/userlist:v1' }, nodes)).toThrow(
    'app: ssongman/userlist:v1. Allowed on the substrate bare: faultline/userlist alone. Next: --substrate k3s',
  );
});
