/** The substrate `bare`: the data plane of k3s without Kubernetes. Never passed off as k3s. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { containerCommander, done, notYet, onAll, waitFor, type Commander, type FileToCopy } from '@faultline/control';
import { createContainer } from '../container.ts';
import { isolated } from '../isolate.ts';
import { nodeContainer, type BootedNode, type Site, type Substrate } from '../site.ts';
import type { ClusterPlan, NodePlan } from '../spec.ts';
import { bareNode } from './config.ts';
import { FILES, type NodeStatus } from './node/config.ts';

/** Where a node's program lies in the container; it is this checkout's, so no image has to be built for a change of it. */
const PROGRAM = '/usr/local/lib/faultline-node';
const LAUNCHER = 'faultline-node';

/** A node sets itself up in some 0.3 s; a busy host gets a hundred times that. */
const UP_WITHIN = 30_000;

export const bare: Substrate = {
  async boot(plan, site) {
    const program = await programFiles();
    const nodes = await onAll(plan.nodes, (node) => startNode(plan, node, site, program));
    const [first] = nodes;
    if (!first) throw new Error('a cluster has at least one node');
    const versions = await versionsOf(containerCommander(site.engine, first.container, first.name), site);
    return { nodes, kubeconfig: undefined, versions };
  },

  untilUp: (node, _cluster, options) => untilRuns(node, options),
};

/** Everything that a node is stands in its container's file system before it starts, and so after each later start. */
async function startNode(
  plan: ClusterPlan,
  node: NodePlan,
  site: Site,
  program: readonly FileToCopy[],
): Promise<BootedNode> {
  const container = await createContainer(
    site.engine,
    {
      ...nodeContainer(node, site),
      image: site.tools,
      privileged: true,
      // Empty at each start: no namespace, socket or PID file of the life before.
      tmpfs: { '/run': '' },
      entrypoint: isolated(['tini', '--', LAUNCHER, 'run']),
      cmd: [],
    },
    site,
  );
  const commander = containerCommander(site.engine, container.id, node.name);
  const { node: config, keepalived } = bareNode(plan, site.lan.subnet, node.name);
  const files = [
    { path: FILES.node, content: JSON.stringify(config, null, 2) },
    { path: FILES.keepalived, content: keepalived },
  ];
  await commander.copyIn([...program, ...files], site);
  await container.start();
  await untilRuns(commander, site);
  site.history.append({ type: 'stage', name: 'node-up', node: node.name });
  return { name: node.name, container: container.id };
}

async function untilRuns(node: Commander, { signal }: { signal?: AbortSignal }): Promise<void> {
  await waitFor(
    `${node.name} runs`,
    async (until) => {
      const { stdout } = await node.exec([LAUNCHER, 'status'], { signal: until });
      const missing = notRunning(JSON.parse(stdout) as NodeStatus);
      return missing.length === 0 ? done(undefined) : notYet(`not running: ${missing.join(', ')}`);
    },
    { signal, withinMs: UP_WITHIN },
  );
}

function notRunning({ keepalived, ingress, pods }: NodeStatus): readonly string[] {
  const parts = { keepalived, ingress: ingress ?? true, ...pods };
  return Object.entries(parts).flatMap(([name, runs]) => (runs ? [] : [name]));
}

async function programFiles(): Promise<readonly FileToCopy[]> {
  const folder = join(import.meta.dirname, 'node');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const modules = names.map(async (name) => ({
    path: `${PROGRAM}/${name}`,
    content: await readFile(join(folder, name)),
  }));
  const launcher = { path: `/usr/local/bin/${LAUNCHER}`, content: await readFile(join(folder, LAUNCHER)), mode: 0o755 };
  return [...(await Promise.all(modules)), launcher];
}

async function versionsOf(node: Commander, { signal }: { signal: AbortSignal }): Promise<Record<string, string>> {
  const [keepalived, haproxy] = await Promise.all([
    node.exec(['keepalived', '--version'], { signal }),
    node.exec(['haproxy', '-v'], { signal }),
  ]);
  const version = (text: string) => /\bv?(\d+\.\d+\.\d+)/.exec(text)?.[1] ?? 'unknown';
  return { keepalived: version(keepalived.stderr + keepalived.stdout), haproxy: version(haproxy.stdout) };
}
