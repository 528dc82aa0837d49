/** A machine of ours: a container from the tools image that runs the program of `node/`. Bare nodes are, and balancers. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { containerCommander, done, notYet, waitFor, type Commander, type FileToCopy } from '@faultline/control';
import { createContainer } from '../container.ts';
import { isolated } from '../isolate.ts';
import { nodeContainer, type BootedNode, type Site } from '../site.ts';
import type { NodePlan } from '../spec.ts';
import { FILES, type NodeConfig, type NodeStatus } from './node/config.ts';

/** Where the program lies in the container; it is this checkout's, so no image has to be built for a change of it. */
const PROGRAM = '/usr/local/lib/faultline-node';
const LAUNCHER = 'faultline-node';

/** A machine sets itself up in some 0.3 s; a busy host gets a hundred times that. */
const UP_WITHIN = 30_000;

/** What tells a machine what to be. */
export interface MachineFiles {
  readonly node: NodeConfig;
  /** keepalived.conf. */
  readonly keepalived: string;
  /** haproxy.cfg, where it is known before anything runs. */
  readonly haproxy?: string;
}

/** Everything that a machine is stands in its container's file system before it starts, and so after each later start. */
export async function startMachine(plan: NodePlan, files: MachineFiles, site: Site): Promise<BootedNode> {
  const container = await createContainer(
    site.engine,
    {
      ...nodeContainer(plan, site),
      image: site.tools,
      privileged: true,
      // Empty at each start: no namespace, socket or PID file of the life before.
      tmpfs: { '/run': '' },
      entrypoint: isolated(['tini', '--', LAUNCHER, 'run']),
      cmd: [],
    },
    site,
  );
  const commander = containerCommander(site.engine, container.id, plan.name);
  await commander.copyIn([...(await programFiles()), ...filesOf(files)], site);
  await container.start();
  await untilRuns(commander, site);
  site.history.append({ type: 'stage', name: plan.role === 'balancer' ? 'balancer-up' : 'node-up', node: plan.name });
  return { name: plan.name, container: container.id };
}

/** @throws DeadlineError naming what does not run. */
export async function untilRuns(machine: Commander, { signal }: { signal?: AbortSignal }): Promise<void> {
  await waitFor(
    `${machine.name} runs`,
    async (until) => {
      const { stdout } = await machine.exec([LAUNCHER, 'status'], { signal: until });
      const missing = notRunning(JSON.parse(stdout) as NodeStatus);
      return missing.length === 0 ? done(undefined) : notYet(`not running: ${missing.join(', ')}`);
    },
    { signal, withinMs: UP_WITHIN },
  );
}

/** Of keepalived and HAProxy: every machine of a cluster has the same. */
export async function machineVersions(
  [first]: readonly BootedNode[],
  { engine, signal }: Pick<Site, 'engine' | 'signal'>,
): Promise<Record<string, string>> {
  if (!first) return {};
  const machine = containerCommander(engine, first.container, first.name);
  const [keepalived, haproxy] = await Promise.all([
    machine.exec(['keepalived', '--version'], { signal }),
    machine.exec(['haproxy', '-v'], { signal }),
  ]);
  const version = (text: string) => /\bv?(\d+\.\d+\.\d+)/.exec(text)?.[1] ?? 'unknown';
  return { keepalived: version(keepalived.stderr + keepalived.stdout), haproxy: version(haproxy.stdout) };
}

function notRunning({ keepalived, ingress, pods }: NodeStatus): readonly string[] {
  const parts = { keepalived, ingress: ingress ?? true, ...pods };
  return Object.entries(parts).flatMap(([name, runs]) => (runs ? [] : [name]));
}

function filesOf({ node, keepalived, haproxy }: MachineFiles): readonly FileToCopy[] {
  return [
    { path: FILES.node, content: JSON.stringify(node, null, 2) },
    { path: FILES.keepalived, content: keepalived },
    ...(haproxy === undefined ? [] : [{ path: FILES.ingress, content: haproxy }]),
  ];
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
