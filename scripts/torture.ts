/**
 * SIGKILL the harness at random instants, and see that nothing of ours stays and nothing of others goes:
 * `npm run torture -- --substrate bare --rounds 50 [--scenario block-vxlan] [--seed n] [--within 40]`.
 *
 * A foreign container, network, volume and nft table are planted first, with names that look like ours. After each kill
 * packet faults must go by themselves; then `faultline doctor --heal` must leave nothing with our labels.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { elapse, done, notYet, waitFor } from '@faultline/control';
import { seeded } from '@faultline/scenario/plan';
import { $ } from 'zx';

const { values } = parseArgs({
  options: {
    substrate: { type: 'string', default: 'bare' },
    scenario: { type: 'string', default: 'block-vxlan' },
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    /** Seconds after the start within which the kill falls, uniformly. */
    within: { type: 'string', default: '45' },
  },
});
const ROOT = join(import.meta.dirname, '..');
const FAULTLINE = join(ROOT, 'libs/cli/bin/faultline.js');
const CANARY = `faultline-canary-${process.pid}`;
const TABLE = CANARY.replaceAll('-', '_');
$.verbose = false;

interface Round {
  readonly round: number;
  readonly killedAfterMs: number;
  /** Whether the kill met a packet fault in force. */
  readonly hadPacketFault: boolean;
  /** From SIGKILL until no node had a table of ours; null where there was none. */
  readonly packetFaultGoneMs: number | null;
  /** What `docker ps/network/volume --filter label` still listed after healing. */
  readonly left: readonly string[];
  readonly canariesMissing: readonly string[];
  readonly doctorMs: number;
  /** Empty where it did all it had to. */
  readonly doctorSaid: string;
}

const lines = (text: string) => text.split('\n').filter(Boolean);

/** What the engine has of a harness' making. @param pid its process. */
async function ours(pid: number): Promise<string[]> {
  const format = (name: string) => [
    '--filter',
    'label=faultline.run',
    '--format',
    `{{.Label "faultline.owner"}} {{.${name}}}`,
  ];
  const listed = await Promise.all([
    $`docker ps -a ${format('Names')}`,
    $`docker network ls ${format('Name')}`,
    $`docker volume ls ${format('Name')}`,
  ]);
  return listed
    .flatMap(({ stdout }) => lines(stdout))
    .flatMap((line) => (line.startsWith(`${pid}:`) ? [line.slice(line.indexOf(' ') + 1)] : []));
}

/** Side-cars of the nodes of a harness in which a table of ours stands. */
async function faultyNodes(pid: number): Promise<string[]> {
  const { stdout } =
    await $`docker ps --filter label=faultline.role=side-car --format ${'{{.Label "faultline.owner"}} {{.ID}}'}`;
  const own = lines(stdout).flatMap((line) => (line.startsWith(`${pid}:`) ? [line.slice(line.indexOf(' ') + 1)] : []));
  const tables = await Promise.all(
    own.map(async (id) => {
      const { stdout: listed } = await $({ nothrow: true })`docker exec ${id} nft list tables`;
      return listed.includes('faultline_') ? [id] : [];
    }),
  );
  return tables.flat();
}

async function plant(): Promise<AsyncDisposable> {
  const undo = new AsyncDisposableStack();
  const image = lines((await $`docker images faultline/tools --format ${'{{.Repository}}:{{.Tag}}'}`).stdout)[0] ?? '';
  undo.defer(async () => void (await $({ nothrow: true })`docker rm -f ${CANARY}`));
  await $`docker run -d --name ${CANARY} --network none ${image} sleep infinity`;
  undo.defer(async () => void (await $({ nothrow: true })`docker network rm ${CANARY}`));
  await $`docker network create --internal ${CANARY}`;
  undo.defer(async () => void (await $({ nothrow: true })`docker volume rm ${CANARY}`));
  await $`docker volume create ${CANARY}`;
  await $`docker exec ${CANARY} true`;
  undo.defer(
    async () =>
      void (await $({
        nothrow: true,
      })`docker run --rm --network host --cap-add NET_ADMIN ${image} nft delete table inet ${TABLE}`),
  );
  await $`docker run --rm --network host --cap-add NET_ADMIN ${image} nft add table inet ${TABLE}`;
  return undo;
}

async function canariesMissing(): Promise<string[]> {
  const image = lines((await $`docker images faultline/tools --format ${'{{.Repository}}:{{.Tag}}'}`).stdout)[0] ?? '';
  const present = {
    container: (await $`docker ps --format ${'{{.Names}}'}`).stdout.includes(CANARY),
    network: (await $`docker network ls --format ${'{{.Name}}'}`).stdout.includes(CANARY),
    volume: (await $`docker volume ls --format ${'{{.Name}}'}`).stdout.includes(CANARY),
    'nft table': (await $`docker run --rm --network host --cap-add NET_ADMIN ${image} nft list tables`).stdout.includes(
      'faultline_canary',
    ),
  };
  return Object.entries(present).flatMap(([what, there]) => (there ? [] : [what]));
}

/**
 * Watches from inside, started before the kill: a question that were only asked afterwards would measure its own way there.
 * @returns when the last table of ours was gone, in milliseconds of the kernel's uptime.
 */
async function watchFaults(sideCars: readonly string[]): Promise<() => Promise<number>> {
  const script = 'echo watching; while nft list tables | grep -q faultline_; do sleep 0.02; done; cat /proc/uptime';
  const watching = await Promise.all(
    sideCars.map(async (id) => {
      const watcher = spawn('docker', ['exec', id, 'timeout', '60', 'sh', '-c', script], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      let said = '';
      watcher.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const ended = once(watcher, 'exit');
      await waitFor('a watcher', async () => (said.includes('watching') ? done(undefined) : notYet(said)), {
        withinMs: 20_000,
      });
      return async () => {
        await ended;
        const uptime = /watching\n([\d.]+) /.exec(said)?.[1];
        return uptime === undefined ? Infinity : Number(uptime) * 1000;
      };
    }),
  );
  return async () => Math.max(...(await Promise.all(watching.map((gone) => gone()))));
}

async function killAt(round: number, ms: number): Promise<Round> {
  const harness = spawn(
    process.execPath,
    [FAULTLINE, 'run', values.scenario, '--substrate', values.substrate, '--seed', String(round)],
    { stdio: 'ignore' },
  );
  const pid = harness.pid ?? 0;
  const ended = once(harness, 'exit');
  await Promise.race([ended, elapse(ms, AbortSignal.timeout(ms + 60_000))]);
  const before = await faultyNodes(pid);
  const gone = await watchFaults(before);
  // Both are the kernel's time since boot: libuv and /proc/uptime differ only after a suspend.
  const killed = Number(process.hrtime.bigint() / 1_000_000n);
  harness.kill('SIGKILL');
  await ended;
  const packetFaultGoneMs = before.length === 0 ? null : Math.max(0, Math.round((await gone()) - killed));
  const healing = performance.now();
  const doctor = await $({ nothrow: true })`${process.execPath} ${FAULTLINE} doctor --heal`;
  return {
    round,
    killedAfterMs: Math.round(ms),
    hadPacketFault: before.length > 0,
    packetFaultGoneMs,
    left: await ours(pid),
    doctorSaid: doctor.exitCode === 0 ? '' : `${doctor.stdout}${doctor.stderr}`.trim(),
    canariesMissing: await canariesMissing(),
    doctorMs: Math.round(performance.now() - healing),
  };
}

async function main(): Promise<void> {
  const random = seeded(Number(values.seed));
  const rounds = Number(values.rounds);
  const log = join(ROOT, 'runs', `torture-${values.substrate}.ndjson`);
  await mkdir(join(ROOT, 'runs'), { recursive: true });
  await using _canaries = await plant();
  const results: Round[] = [];
  for (let round = 1; round <= rounds; round++) {
    const result = await killAt(round, Math.round(random() * Number(values.within) * 1000));
    results.push(result);
    await appendFile(log, `${JSON.stringify({ substrate: values.substrate, scenario: values.scenario, ...result })}\n`);
    console.log(JSON.stringify(result));
  }
  const bad = results.filter(
    ({ left, canariesMissing: missing, packetFaultGoneMs: gone }) =>
      left.length > 0 || missing.length > 0 || (gone ?? 0) > 1000,
  );
  const gone = results.flatMap(({ packetFaultGoneMs }) => packetFaultGoneMs ?? []);
  console.log(
    `${rounds} kills on ${values.substrate}: ${rounds - bad.length} clean, ${bad.length} not; ` +
      `${gone.length} met a packet fault, gone by itself after at most ${gone.length > 0 ? Math.max(...gone) : 0} ms`,
  );
  process.exitCode = bad.length === 0 ? 0 : 1;
}

await main();
