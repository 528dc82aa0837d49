/** The keeper as the first process of a process namespace, with a shell in the place of k3s. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { done, notYet, waitFor } from '@faultline/control';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { kept, PID_FILE, UP_FILE } from './keeper.ts';

/** Never outside of one: the keeper ends every process that it can see. */
const NAMESPACE = ['--user', '--map-root-user', '--pid', '--fork', '--mount-proc', '--kill-child'];
const isolates = spawnSync('unshare', [...NAMESPACE, 'true']).status === 0;

/** Says who it is, leaves an orphan behind, and takes a moment to end. */
const K3S = `trap 'echo ended; exit 3' TERM
(sleep 300 &)
echo started
while :; do sleep 0.1; done`;

let folder: string;
let said: string;

beforeEach(async ({ skip }) => {
  if (!isolates) skip('this host lets nobody make a process namespace');
  folder = await mkdtemp(join(tmpdir(), 'faultline-keeper-'));
  said = '';
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function keep(script: string): ChildProcess {
  const [shell = '', flag = '', keeper = '', ...rest] = kept(['sh', '-c', script]);
  const here = keeper.replaceAll(UP_FILE, join(folder, 'up')).replaceAll(PID_FILE, join(folder, 'pid'));
  // The control groups of this host are not the test's to change.
  const untouched = here.replace('/sys/fs/cgroup/cgroup.controllers', join(folder, 'none'));
  const child = spawn('unshare', [...NAMESPACE, shell, flag, untouched, ...rest], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return child;
}

const up = () => writeFile(join(folder, 'up'), '');

const untilSaid = (what: RegExp, withinMs = 10_000): Promise<void> =>
  waitFor(`it says ${what}`, async () => (what.test(said) ? done(undefined) : notYet(said)), { withinMs });

/** As the host numbers it: the only child of unshare is the first process of the namespace. */
async function keeperOf(child: ChildProcess): Promise<number> {
  return Number(await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8'));
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  return (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter(Boolean).map(Number);
}

const endOf = async (child: ChildProcess): Promise<number | null> =>
  child.exitCode ?? ((await once(child, 'exit', { signal: AbortSignal.timeout(15_000) }))[0] as number | null);

test('a k3s that dies before the node was up ends the node, with its own exit code', async () => {
  expect(await endOf(keep('echo no cgroups; exit 7'))).toBe(7);
  expect(said).toBe('no cgroups\n');
});

test('one that is killed later is started again after 5 s, and nothing else of the node dies', async () => {
  await up();
  const child = keep(K3S);
  await untilSaid(/started\n$/);
  const keeper = await keeperOf(child);
  const [k3s = 0, orphan = 0] = (await childrenOf(keeper)).toSorted((a, b) => a - b);
  const killed = performance.now();
  process.kill(k3s, 'SIGKILL');
  await untilSaid(/exit code 137, and is started again in 5 s\n(.|\n)*started\n/);
  expect(performance.now() - killed).toBeGreaterThan(5000);
  // The first orphan, the one of the second k3s, and that k3s: no zombie is among them.
  const children = await childrenOf(keeper);
  expect(children).toContain(orphan);
  expect(children).not.toContain(k3s);
  expect(children).toHaveLength(3);
  child.kill('SIGKILL');
  await endOf(child);
}, 30_000);

test('SIGHUP restarts it in order and at once; SIGTERM ends it and then all others', async () => {
  await up();
  const child = keep(K3S);
  await untilSaid(/started\n$/);
  const first = await readFile(join(folder, 'pid'), 'utf8');
  const keeper = await keeperOf(child);
  process.kill(keeper, 'SIGHUP');
  await untilSaid(/ended\n(.|\n)*started\n$/, 4000);
  expect(await readFile(join(folder, 'pid'), 'utf8')).not.toBe(first);
  process.kill(keeper, 'SIGTERM');
  process.kill(keeper, 'SIGTERM');
  expect(await endOf(child)).toBe(3);
  expect(said.match(/ended/g)).toHaveLength(2);
}, 30_000);
