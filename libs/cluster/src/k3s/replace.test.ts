import type { Engine } from '@faultline/control';
import { memoryHistory } from '@faultline/history';
import { expect, test } from 'vitest';
import type { ClusterNode } from '../cluster.ts';
import { planCluster } from '../plan-cluster.ts';
import type { Site } from '../site.ts';
import type { Kit } from './node.ts';
import { swap } from './replace.ts';

interface Asked {
  readonly name: string;
  readonly Image: string;
  readonly HostConfig: { readonly Binds: readonly string[]; readonly PortBindings: object };
}

/** An engine that writes down what is done, in order. */
function fakeEngine() {
  const done: string[] = [];
  const made: Asked[] = [];
  const engine = {
    createVolume: ({ Name }: { Name: string }) => Promise.resolve({ Name }),
    getVolume: (name: string) => ({ inspect: async () => ({ Mountpoint: `/volumes/${name}/_data` }) }),
    createContainer: async (asked: Asked) => {
      done.push(`make ${asked.name}`);
      made.push(asked);
      return { id: asked.name, start: async () => void done.push(`start ${asked.name}`) };
    },
    getContainer: (id: string) => ({
      inspect: async () => ({ NetworkSettings: { Ports: { '6443/tcp': [{ HostPort: '41234' }] } } }),
      stop: async () => void done.push(`stop ${id}`),
      remove: async () => void done.push(`remove ${id}`),
      wait: async () => ({ StatusCode: 0 }),
      putArchive: async () => void done.push(`copy into ${id}`),
    }),
  };
  return { engine: engine as unknown as Engine, done, made };
}

const plan = planCluster(
  { substrate: 'k3s', servers: 1, agents: 1, backend: 'vxlan', loadBalancer: 'servicelb', k3s: 'v1.33.3+k3s1' },
  { tools: 'faultline/tools:1', app: 'faultline/userlist:1', subnet: null },
);

function kitWith(engine: Engine): Kit {
  const lan = { id: 'lan', name: 'faultline-r', subnet: '198.18.5.0/24' };
  const { signal } = new AbortController();
  const site = { engine, signal, history: memoryHistory(), run: 'r', labels: {}, lan, tools: 'faultline/tools:1' };
  const flags = { version: 'v1.33.3+k3s1', subnet: lan.subnet, cgroups: 1 } as const;
  return { plan, site: site as unknown as Site, token: 't', store: 'images', ...flags };
}

const node = (name: string): ClusterNode =>
  ({ name, container: 'old', side: { container: 'old-side' } }) as unknown as ClusterNode;

test('the old container is stopped in order and gone before the new one of that name is made, and it starts with its images', async () => {
  const { engine, done } = fakeEngine();
  await swap(node('server-0'), kitWith(engine));
  expect(done).toEqual([
    'stop old',
    'remove old-side',
    'remove old',
    'make faultline-r-server-0-images',
    'start faultline-r-server-0-images',
    'remove faultline-r-server-0-images',
    'make faultline-r-server-0',
    'copy into faultline-r-server-0',
    'start faultline-r-server-0',
  ]);
});

test('the new one has the release, the volumes of the old one, and the port that kubeconfigs name', async () => {
  const { engine, made } = fakeEngine();
  await swap(node('server-0'), kitWith(engine));
  const { Image, HostConfig } = made.at(-1) as Asked;
  expect(Image).toBe('rancher/k3s:v1.33.3-k3s1');
  expect(HostConfig.Binds).toEqual([
    'faultline-r-server-0-data:/var/lib/rancher/k3s',
    'faultline-r-server-0-etc:/etc/rancher',
  ]);
  expect(HostConfig.PortBindings).toEqual({ '6443/tcp': [{ HostIp: '127.0.0.1', HostPort: '41234' }] });
});

test('a node that is not of the plan is refused before anything is stopped', async () => {
  const { engine, done } = fakeEngine();
  await expect(swap(node('agent-7'), kitWith(engine))).rejects.toThrow('the plan has no node agent-7');
  expect(done).toEqual([]);
});
