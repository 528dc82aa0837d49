/**
 * The same nodes with k3d, for comparison at a stage that both have: every node Ready.
 *
 * k3d gets the same k3s and the same images as an archive: without them its nodes would spend their time on pulls.
 */
import { randomBytes } from 'node:crypto';
import { airgapArchive, resolveImages } from '@faultline/cluster';
import { done, notYet, waitFor, type Answer, type Engine } from '@faultline/control';
import { $ } from 'zx';
import type { Subject } from './bring-up.ts';
import type { Stages } from './summary.ts';

export async function bringUpK3d({ plan }: Subject, engine: Engine, signal: AbortSignal): Promise<Stages> {
  const k3s = plan.images.find((image) => image.startsWith('rancher/k3s:'));
  if (k3s === undefined) throw new Error('k3d boots k3s only.\nNext: leave out --substrate bare, or --beside k3d');
  const pods = plan.images.filter((image) => image !== k3s && !image.startsWith('faultline/tools:'));
  const archive = await airgapArchive(engine, await resolveImages(engine, pods, { signal }), { signal });
  const name = `bench-${randomBytes(3).toString('hex')}`;
  const options = ['--agents', '2', '--no-lb', '--image', k3s, '--kubeconfig-update-default=false'];
  const images = ['--volume', `${archive.path}:/var/lib/rancher/k3s/agent/images/bench.tar@all`];
  const stages = new Map<string, number>();
  const began = performance.now();
  const reached = (stage: string, since = began) => stages.set(stage, (performance.now() - since) / 1000);
  try {
    await $({ signal, quiet: true, timeout: '5m' })`k3d cluster create ${name} ${options} ${images}`;
    reached('returned');
    await waitFor('every node of k3d is Ready', () => readiness(name), { signal, withinMs: 180_000 });
    reached('nodes-ready');
  } finally {
    const ended = performance.now();
    await $({ quiet: true, timeout: '2m' })`k3d cluster delete ${name}`;
    reached('(taken down in)', ended);
  }
  return stages;
}

async function readiness(name: string): Promise<Answer<undefined>> {
  const listed = await $({ quiet: true })`docker exec k3d-${name}-server-0 kubectl get nodes --no-headers`;
  const ready = listed.stdout.split('\n').filter((line) => line.split(/\s+/)[1] === 'Ready');
  return ready.length === 3 ? done(undefined) : notYet(listed.stdout.trim());
}
