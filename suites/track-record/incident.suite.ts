/** Some 6 minutes of k3s. Not seen to pass whole yet: one replay was the same, the other counted an endpoint that was leaving. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attach, readSources, releaseAtHand, type Cluster } from '@faultline/cluster';
import { DEFAULT_K3S, ownImages } from '@faultline/cluster/plan';
import { done, engine, notYet, waitFor } from '@faultline/control';
import { createHistory } from '@faultline/history';
import { readBundle } from '@faultline/incident';
import { filesOf, type ReplayVerdict } from '@faultline/incident/plan';
import { execa } from 'execa';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { FAULTLINE } from '../conduct.ts';

let folder: string;
beforeEach(async ({ skip }) => {
  const { missing } = await releaseAtHand(await engine(), DEFAULT_K3S, ['traefik', 'servicelb']);
  if (missing.length > 0) skip(`k3s images missing in the engine: ${missing.join(', ')}`);
  folder = await mkdtemp(join(tmpdir(), 'incident-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});

async function faultline<T>(words: readonly string[], signal: AbortSignal): Promise<T> {
  const argv = [FAULTLINE, ...words, '--json'];
  const result = await execa(process.execPath, argv, { reject: false, cancelSignal: signal, env: { CI: 'true' } });
  try {
    return JSON.parse(result.stdout) as T;
  } catch (cause) {
    throw new Error(`faultline ${words.join(' ')} (exit code ${result.exitCode}):\n${result.stderr}`, { cause });
  }
}

/** Odd settings, as a person makes them by hand: each says in odd.yaml what it is. */
async function setUpByHand(cluster: Cluster, signal: AbortSignal): Promise<void> {
  const server = cluster.nodes.find(({ role }) => role === 'server');
  const kubectl = async (input: string, ...words: readonly string[]) =>
    (await server?.exec(['kubectl', ...words], { signal, input }))?.stdout ?? '';
  await kubectl('', 'label', 'node', 'agent-0', 'disk=ssd', 'note=purple-monkey-label');
  await kubectl('', 'taint', 'node', 'agent-0', 'dedicated=edge:NoSchedule');
  const { userlist } = ownImages(await readSources(join(import.meta.dirname, '../../libs/workload/src/app')));
  const text = await readFile(join(import.meta.dirname, 'incident/odd.yaml'), 'utf8');
  await kubectl(text.replaceAll('IMAGE', userlist), 'apply', '--filename=-');
  await waitFor(
    'both pods of shop/web and both of Traefik are ready, and there is no third',
    async () => {
      // Of now, of all, of the newest template: while one is replaced there are three, and a capture would count them.
      const pods = ['--output=jsonpath={.status.readyReplicas} {.status.replicas} {.status.updatedReplicas}'];
      const web = await kubectl('', 'get', 'deployment', 'web', '--namespace=shop', ...pods);
      const traefik = await kubectl('', 'get', 'deployment', 'traefik', '--namespace=kube-system', ...pods);
      return web === '2 2 2' && traefik === '2 2 2' ? done(undefined) : notYet(`${web}, and ${traefik}`);
    },
    { signal, withinMs: 120_000, everyMs: 1_000 },
  );
}

test('a cluster that a person set up by hand is captured, and is the same on an empty machine: objects, fault, verdict', async ({
  signal,
}) => {
  const words = ['up', '--substrate', 'k3s', '--agents', '1', '--replicas', '1'];
  const { run, kubeconfig } = await faultline<{ run: string; kubeconfig: string }>(words, signal);
  const plain = join(folder, 'plain.tgz');
  const struck = join(folder, 'struck.tgz');
  try {
    using history = createHistory(join(folder, 'history.ndjson'));
    await using cluster = await attach(await engine(), run, { history, signal });
    await setUpByHand(cluster, signal);
    await faultline(['capture', '--kubeconfig', kubeconfig, '--out', plain], signal);
    await faultline(['capture', '--kubeconfig', kubeconfig, '--out', struck, '--fault', 'lose-every-endpoint'], signal);
  } finally {
    await execa(process.execPath, [FAULTLINE, 'down', run]);
  }
  const text = [...filesOf(await readBundle(plain, { signal }))].flat().join('\n');
  expect(text).not.toMatch(/purple-monkey|apr1/);

  const again = await faultline<ReplayVerdict>(['replay', plain, '--seed', '7'], signal);
  expect(again.outcome, again.reason).toBe('same');
  const answers = again.asked.map(({ request, status }) => `${request} ${status}`);
  expect(answers).toEqual([
    'GET http://shop.test/api 404',
    'GET http://shop.test/admin 401',
    'GET http://keyed.test/ 404',
    'GET http://empty.test/ 503',
  ]);

  const first = await faultline<ReplayVerdict>(['replay', struck, '--seed', '7'], signal);
  expect(first.outcome, first.reason).toBe('same');
  const second = await faultline<ReplayVerdict>(['replay', struck, '--seed', '7'], signal);
  expect([second.ran.now?.outcome, second.ran.now?.failing]).toEqual([first.ran.now?.outcome, first.ran.now?.failing]);
});
