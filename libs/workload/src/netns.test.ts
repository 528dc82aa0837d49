import type { ClusterNode } from '@faultline/cluster';
import type { Commander } from '@faultline/control';
import { expect, test } from 'vitest';
import { findNetns, Namespaces } from './netns.ts';

/** A node whose crictl answers by its second and last word. */
function nodeWith(answers: Readonly<Record<string, unknown>>): Commander {
  return {
    name: 'agent-0',
    exec: async ([, verb, ...rest]) => {
      const answer = answers[`${verb} ${rest.find((word) => word in answers || `${verb} ${word}` in answers) ?? ''}`];
      return { stdout: JSON.stringify(answer), stderr: '', exitCode: 0, durationMs: 1 };
    },
    start: () => Promise.reject(new Error('nothing is started')),
    copyIn: () => Promise.reject(new Error('nothing is copied')),
  };
}

const sandbox = (id: string, uid: string, state = 'SANDBOX_READY') => ({ id, state, metadata: { uid } });
const inspected = (...namespaces: { type: string; path?: string }[]) => ({
  info: { runtimeSpec: { linux: { namespaces } } },
});
const pod = { pod: 'userlist-1', uid: 'uid-1', address: '10.42.1.7' };

test('the namespace is that of the running sandbox with the uid of the pod', async () => {
  const node = nodeWith({
    'pods userlist-1': {
      items: [sandbox('dead', 'uid-1', 'SANDBOX_NOTREADY'), sandbox('other', 'uid-2'), sandbox('mine', 'uid-1')],
    },
    'inspectp mine': inspected({ type: 'pid' }, { type: 'network', path: '/var/run/netns/cni-1' }),
  });
  expect(await findNetns(node, pod, undefined)).toBe('/var/run/netns/cni-1');
});

test('a pod that the node does not have is an error that names both', async () => {
  const node = nodeWith({ 'pods userlist-1': { items: [sandbox('other', 'uid-2')] } });
  await expect(findNetns(node, pod, undefined)).rejects.toThrow('agent-0 runs no sandbox of the pod userlist-1');
});

test('a pod in the network namespace of its node is an error', async () => {
  const node = nodeWith({
    'pods userlist-1': { items: [sandbox('mine', 'uid-1')] },
    'inspectp mine': inspected({ type: 'pid' }),
  });
  await expect(findNetns(node, pod, undefined)).rejects.toThrow('has no network namespace of its own');
});

const found = (ip: string) => ({
  'pods userlist-1': { items: [sandbox('mine', 'uid-1')] },
  'inspectp mine': { ...inspected({ type: 'network', path: '/var/run/netns/cni-1' }), status: { network: { ip } } },
});

test('a pod that has another address by now is an error: its node came back unnoticed', async () => {
  expect(await findNetns(nodeWith(found('10.42.1.7')), pod, undefined)).toBe('/var/run/netns/cni-1');
  await expect(findNetns(nodeWith(found('10.42.1.9')), pod, undefined)).rejects.toThrow(
    'the pod userlist-1 on agent-0 has the address 10.42.1.9, and Kubernetes still says 10.42.1.7',
  );
});

test('a node is asked once, dead or alive, and again when it came back', async () => {
  const asked: string[] = [];
  const handle = (container: string): ClusterNode => {
    const node = nodeWith(found('10.42.1.7'));
    const exec: Commander['exec'] = (argv, options) => {
      asked.push(`${container} ${argv[1]}`);
      return node.exec(argv, options);
    };
    return { ...node, exec, side: { ...node, container } } as unknown as ClusterNode;
  };
  const nodes = [handle('side-1')];
  const namespaces = new Namespaces({ nodes });
  const of = () => namespaces.of({ ...pod, node: 'agent-0' }, undefined);
  await of();
  await of();
  nodes[0] = handle('side-2');
  expect(await of()).toBe('/var/run/netns/cni-1');
  expect(asked).toEqual(['side-1 pods', 'side-1 inspectp', 'side-2 pods', 'side-2 inspectp']);
  await expect(namespaces.of({ ...pod, node: 'agent-9' }, undefined)).rejects.toThrow('no node of ours');
});
