/**
 * The same nodes with k3d, for comparison at the stages that both have: every node Ready, and the first answer of the
 * app through the Ingress, seen by a client on the nodes' network.
 *
 * k3d gets the same k3s, and the same images as an archive: without them its nodes would spend their time on pulls.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { airgapArchive, resolveImages } from '@faultline/cluster';
import { containerdFiles, containerdTemplate, DEFAULT_K3S, k3sRelease } from '@faultline/cluster/plan';
import { done, notYet, waitFor, type Answer, type Engine } from '@faultline/control';
import { DEFAULT_HOST, planWorkload } from '@faultline/workload/plan';
import { $ } from 'zx';
import { REPLICAS, type Subject } from './bring-up.ts';
import type { Stages } from './summary.ts';

export async function bringUpK3d({ plan, app }: Subject, engine: Engine, signal: AbortSignal): Promise<Stages> {
  const k3s = plan.images.find((image) => image.startsWith('rancher/k3s:'));
  const tools = plan.images.find((image) => image.startsWith('faultline/tools:'));
  if (k3s === undefined || tools === undefined)
    throw new Error('k3d boots k3s only.\nNext: leave out --substrate bare, or --beside k3d');
  const pods = plan.images.filter((image) => image !== k3s && image !== tools);
  const archive = await airgapArchive(engine, await resolveImages(engine, pods, { signal }), { signal });
  const folder = await mkdtemp(join(tmpdir(), 'faultline-k3d-'));
  const name = `bench-${randomBytes(3).toString('hex')}`;
  const options = ['--agents', '2', '--no-lb', '--image', k3s, '--kubeconfig-update-default=false'];
  const mounts = [`${archive.path}:/var/lib/rancher/k3s/agent/images/bench.tar@all`, ...(await restrictions(folder))];
  const volumes = mounts.flatMap((mount) => ['--volume', mount]);
  const stages = new Map<string, number>();
  const began = performance.now();
  const reached = (stage: string, since = began) => stages.set(stage, (performance.now() - since) / 1000);
  try {
    await $({ signal, quiet: true, timeout: '5m' })`k3d cluster create ${name} ${options} ${volumes}`;
    reached('returned');
    // As with ours: what is to run is handed in at once, and nobody waits for the nodes to do it.
    const answered = apply(name, app).then(() => firstAnswer(name, tools, signal));
    const ready = waitFor('every node of k3d is Ready', () => readiness(name), { signal, withinMs: 180_000 });
    await Promise.all([ready.then(() => reached('nodes-ready')), answered.then(() => reached('first-200'))]);
  } finally {
    await $({ quiet: true, nothrow: true })`docker rm --force ${clientOf(name)}`;
    const ended = performance.now();
    await $({ quiet: true, timeout: '2m' })`k3d cluster delete ${name}`;
    reached('(taken down in)', ended);
    await rm(folder, { recursive: true });
  }
  return stages;
}

const clientOf = (name: string): string => `${name}-client`;

/** The capability without which containerd may not lower a process' oom_score_adj: see the cluster lib. */
const SYS_RESOURCE = 24n;

/** On hosts without CAP_SYS_RESOURCE no pod starts in k3d either, unless its containerd is told not to try. */
async function restrictions(folder: string): Promise<readonly string[]> {
  const bounds = /^CapBnd:\s*([0-9a-f]+)/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1] ?? '0';
  if ((BigInt(`0x${bounds}`) >> SYS_RESOURCE) & 1n) return [];
  const { containerd } = k3sRelease(DEFAULT_K3S);
  const template = containerdTemplate(containerd);
  return Promise.all(
    containerdFiles(containerd).map(async ({ path, content }) => {
      const file = join(folder, basename(path));
      await writeFile(file, content);
      return `${file}:${basename(path) === basename(template) ? template : path}@all`;
    }),
  );
}

async function apply(name: string, app: string): Promise<void> {
  const items = Object.values(planWorkload({ app, replicas: REPLICAS, host: DEFAULT_HOST, place: 'spread' }) as object);
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  await $({ quiet: true, input: list })`docker exec --interactive k3d-${name}-server-0 kubectl apply --filename -`;
}

/** Asked from a container on the nodes' network, as ours is. */
async function firstAnswer(name: string, tools: string, signal: AbortSignal): Promise<void> {
  const client = clientOf(name);
  await $({ quiet: true })`docker run --detach --name ${client} --network k3d-${name} ${tools} sleep infinity`;
  const node = `k3d-${name}-server-0`;
  const listed = await $({
    quiet: true,
  })`docker inspect --format ${'{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'} ${node}`;
  const url = `http://${listed.stdout.trim()}/users/1`;
  const words = ['--silent', '--max-time', '1', '--output', '/dev/null', '--write-out', '%{http_code}'];
  const curl = ['curl', ...words, '--header', `Host: ${DEFAULT_HOST}`, url];
  const ask = async (): Promise<Answer<undefined>> => {
    const asked = await $({ quiet: true, nothrow: true })`docker exec ${client} ${curl}`;
    return asked.stdout.trim() === '200' ? done(undefined) : notYet(asked.stdout.trim());
  };
  await waitFor('the Ingress of k3d answers', ask, { signal, withinMs: 240_000, everyMs: 100 });
}

async function readiness(name: string): Promise<Answer<undefined>> {
  const listed = await $({ quiet: true })`docker exec k3d-${name}-server-0 kubectl get nodes --no-headers`;
  const ready = listed.stdout.split('\n').filter((line) => line.split(/\s+/)[1] === 'Ready');
  return ready.length === 3 ? done(undefined) : notYet(listed.stdout.trim());
}
