/**
 * Sees to it that a container engine works: `npm run engine`.
 *
 * "Works" means that it runs a privileged container, for that is what a node is. An engine that works is left exactly
 * as it is. Root on Debian or Ubuntu gets one installed and started; everybody else is told what to do.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { done, engine, isMissing, notYet, waitFor, type Answer, type Engine } from '@faultline/control';
import { $ } from 'zx';
import { install, isInstalled } from './apt.ts';
import { advice, canInstall, isDebianLike, type Host } from './engine/advice.ts';
import { hostHasSysResource } from './engine/capability.ts';
import { withRuntime } from './engine/daemon-json.ts';
import { architectures, isArchitecture, nothing } from './engine/nothing.ts';
import { RUNTIME, wrapper } from './engine/runc.ts';

const LOG = '/var/log/faultline-dockerd.log';
const CONFIG = '/etc/docker/daemon.json';
const PID = '/var/run/docker.pid';
const SOCKET = '/var/run/docker.sock';
const OLDEST = [20, 10] as const;

async function main(): Promise<void> {
  const host = await lookAtHost();
  await raiseInotifyLimit(host);
  const docker = await engine().catch((error: unknown) => bringUp(host, error));
  await refuseOldEngine(docker);
  const refusal = await runPrivileged(docker);
  if (refusal !== undefined) await dropSysResource(host, docker, refusal);
  const { Version } = await docker.version();
  console.log(`engine: docker ${Version.split('+')[0]} at ${addressOf(docker)}`);
}

async function lookAtHost(): Promise<Host> {
  const osRelease = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return {
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    isDebian: isDebianLike(osRelease),
    hasSocket: existsSync(SOCKET),
  };
}

async function bringUp(host: Host, absence: unknown): Promise<Engine> {
  if (!canInstall(host)) throw new Error(`${firstLine(absence)}\nNext: ${advice(host)}`, { cause: absence });
  if (!(await isInstalled('dockerd')))
    await install('no container engine is installed', ['docker.io', 'iptables', 'ca-certificates']);
  const answered = await startDaemon();
  try {
    return await waitFor('the engine answers', async () => done(await engine()), { withinMs: 60_000, everyMs: 250 });
  } catch (error) {
    throw new Error(`${firstLine(error)}\n${await answered()}`, { cause: error });
  }
}

/** Starts it to stay: it outlives us and the terminal. Gives a question for the end of its log. */
async function startDaemon(): Promise<() => Promise<string>> {
  if (existsSync('/run/systemd/system')) {
    console.log('engine: starting docker with systemd');
    await $`systemctl start docker`;
    return async () => (await $`journalctl --unit docker --lines 15 --no-pager`).stdout;
  }
  console.log(`engine: starting dockerd, log in ${LOG}`);
  await using log = await open(LOG, 'a');
  // Neither our folder nor our PATH: npm puts node_modules/.bin on it, and this checkout may go before the engine does.
  const env = { ...process.env, PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };
  const daemon = spawn('dockerd', [], { cwd: '/', env, detached: true, stdio: ['ignore', log.fd, log.fd] });
  daemon.unref();
  return async () => (await $`tail -n 15 ${LOG}`).stdout;
}

async function refuseOldEngine(docker: Engine): Promise<void> {
  const { Version } = await docker.version();
  const [major = 0, minor = 0] = Version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new Error(
    `engine: docker ${Version} is too old; ${OLDEST.join('.')} or later is needed.\nNext: upgrade Docker`,
  );
}

/** Runs the smallest program there is in a privileged container: what the engine says against it, or nothing. */
async function runPrivileged(docker: Engine): Promise<string | undefined> {
  const image = await imageOfNothing(docker);
  const container = await docker.createContainer({
    Image: image,
    Cmd: ['/nothing'],
    HostConfig: { Privileged: true, NetworkMode: 'none' },
    Labels: { 'faultline.role': 'engine-check' },
  });
  try {
    await container.start();
    const { StatusCode } = (await container.wait()) as { StatusCode: number };
    return StatusCode === 0 ? undefined : `a privileged container exited with code ${StatusCode}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await container.remove({ force: true });
  }
}

async function imageOfNothing(docker: Engine): Promise<string> {
  const { Architecture } = (await docker.info()) as { Architecture: string };
  if (!isArchitecture(Architecture)) {
    throw new Error(`engine: nodes for ${Architecture} are not supported; supported: ${architectures.join(', ')}`);
  }
  const name = `faultline/nothing:${Architecture}`;
  const missing = await docker
    .getImage(name)
    .inspect()
    .then(() => false, isMissing);
  if (missing) {
    const folder = await mkdtemp(join(tmpdir(), 'faultline-nothing-'));
    await writeFile(join(folder, 'nothing'), nothing(Architecture), { mode: 0o755 });
    await $`tar --create --file ${folder}/image.tar --directory ${folder} nothing`;
    await docker.importImage(`${folder}/image.tar`, { repo: name }).then(drained);
    await rm(folder, { recursive: true });
  }
  return name;
}

/** Lets privileged containers start on a host without CAP_SYS_RESOURCE. The engine reloads, nothing is restarted. */
async function dropSysResource(host: Host, docker: Engine, refusal: string): Promise<void> {
  const isOurs = host.platform === 'linux' && host.isRoot && existsSync(PID);
  if (!isOurs || (await hostHasSysResource())) {
    throw new Error(
      `engine: it answers at ${addressOf(docker)}, but a privileged container does not run: ${refusal}\n` +
        'Next: use a rootful engine that permits --privileged (rootless Docker and Podman do not have the capabilities a node needs)',
    );
  }
  console.log(`engine: this host lacks CAP_SYS_RESOURCE; adding the runtime ${RUNTIME.path} to ${CONFIG}`);
  const config = withRuntime(await readFile(CONFIG, 'utf8').catch(() => undefined), RUNTIME.name, RUNTIME.path);
  await mkdir(dirname(RUNTIME.path), { recursive: true });
  await writeFile(RUNTIME.path, wrapper, { mode: 0o755 });
  await mkdir(dirname(CONFIG), { recursive: true });
  await writeFile(CONFIG, config);
  process.kill(Number(await readFile(PID, 'utf8')), 'SIGHUP');
  await waitFor('the engine uses our runtime', () => defaultRuntime(docker), { withinMs: 15_000 });
  const still = await runPrivileged(docker);
  if (still !== undefined)
    throw new Error(`engine: even without CAP_SYS_RESOURCE a privileged container does not run: ${still}`);
}

async function defaultRuntime(docker: Engine): Promise<Answer<string>> {
  const { DefaultRuntime } = (await docker.info()) as { DefaultRuntime: string };
  return DefaultRuntime === RUNTIME.name ? done(DefaultRuntime) : notYet(`default runtime ${DefaultRuntime}`);
}

/** Each node runs containerd and a kubelet, which watch files: Debian's 128 instances are used up by the second node. */
async function raiseInotifyLimit(host: Host): Promise<void> {
  const file = '/proc/sys/fs/inotify/max_user_instances';
  const [enough, wanted] = [512, 8192];
  const now = Number(await readFile(file, 'utf8').catch(() => enough));
  if (now >= enough) return;
  const command = `sysctl -w fs.inotify.max_user_instances=${wanted}`;
  if (host.isRoot) {
    await writeFile(file, String(wanted));
    console.log(`engine: fs.inotify.max_user_instances raised from ${now} to ${wanted} (until the next boot)`);
  } else {
    console.log(
      `engine: fs.inotify.max_user_instances is ${now}: clusters of three nodes need ${enough}.\nNext: sudo ${command}`,
    );
  }
}

function addressOf(docker: Engine): string {
  const { socketPath, protocol, host, port } = docker.modem as unknown as Record<string, string | undefined>;
  return socketPath ? `unix://${socketPath}` : `${protocol}://${host}:${port}`;
}

async function drained(stream: NodeJS.ReadableStream): Promise<void> {
  for await (const _ of stream);
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
