/**
 * Both Traefiks alone, without a cluster: containers that share one loopback, each rule a router on a port of its own, so
 * that no rule stands in another's way.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createContainer, removeRun, runContainer } from '@faultline/cluster';
import {
  containerCommander,
  done,
  engine as connect,
  labelsOf,
  notYet,
  thisProcess,
  waitFor,
  type Commander,
  type Engine,
} from '@faultline/control';
import { systemClock } from '@faultline/history';
import type { Generation } from '@faultline/traefik';
import { compare, headersOf, target, type Compared, type Trial } from './rule-trial.ts';

const HOUR = 3_600_000;
const BACKEND = 9001;
const FILE = '/faultline/rules.yaml';
const ASKER = '/faultline/asker/main.ts';
const FIRST_PORT: Readonly<Record<Generation, number>> = { v2: 10_000, v3: 20_000 };
const API: Readonly<Record<Generation, number>> = { v2: 9002, v3: 9003 };
const GENERATIONS: readonly Generation[] = ['v2', 'v3'];

export interface Traefiks {
  /** With node and ip. */
  readonly tools: string;
  /** Versions: `2.11.18`. */
  readonly versions: Readonly<Record<Generation, string>>;
  readonly signal: AbortSignal;
}

export interface RulesSeen extends Compared {
  readonly versions: Readonly<Record<Generation, string>>;
  /** Routers that are not enabled, with Traefik's words. */
  readonly disabled: readonly string[];
}

export async function seeRules(trials: readonly Trial[], options: Traefiks): Promise<RulesSeen> {
  const engine = await connect();
  const run = `rules-${systemClock.now().toString(36)}`;
  await using undo = new AsyncDisposableStack();
  undo.defer(async () => void (await removeRun(engine, run)));
  const labels = labelsOf(run, thisProcess(), { expires: Date.parse(systemClock.wall()) + HOUR });
  const name = `faultline-${run}`;
  const spec = { name: `${name}-client`, image: options.tools, labels, privileged: true };
  const { id } = await runContainer(engine, spec, options);
  const client = containerCommander(engine, id, 'client');
  await addAddresses(trials, client, options.signal);
  for (const generation of GENERATIONS) {
    await startTraefik(trials, generation, { ...options, engine, labels, name: `${name}-${generation}`, beside: id });
  }
  const disabled: string[] = [];
  for (const generation of GENERATIONS) disabled.push(...(await untilRead(trials.length, generation, client, options)));
  await client.copyIn([{ path: ASKER, content: await readFile(join(import.meta.dirname, 'asker/main.ts')) }], options);
  const statuses = { v2: await askAll(trials, 'v2', client, options), v3: await askAll(trials, 'v3', client, options) };
  return { versions: options.versions, disabled, ...compare(trials, statuses) };
}

/** Where requests come from is what some rules ask: loopback has all their addresses. */
async function addAddresses(trials: readonly Trial[], client: Commander, signal: AbortSignal): Promise<void> {
  await client.exec(['sysctl', '-w', 'net.ipv6.conf.all.disable_ipv6=0', 'net.ipv6.conf.lo.disable_ipv6=0'], {
    signal,
  });
  const all = new Set(trials.flatMap(({ requests }) => requests.flatMap(({ request }) => request.clientIp ?? [])));
  for (const address of all) {
    if (address === '::1') continue;
    await client.exec(['ip', 'address', 'add', address, 'dev', 'lo', ...(address.includes(':') ? ['nodad'] : [])], {
      signal,
    });
  }
}

interface Starting extends Traefiks {
  readonly engine: Engine;
  readonly labels: Readonly<Record<string, string>>;
  readonly name: string;
  readonly beside: string;
}

async function startTraefik(trials: readonly Trial[], generation: Generation, starting: Starting): Promise<void> {
  const { engine, labels, name, beside, versions } = starting;
  const ports = trials.map((_, index) => `--entrypoints.r${index}.address=:${FIRST_PORT[generation] + index}`);
  const container = await createContainer(
    engine,
    {
      name,
      labels,
      image: `rancher/mirrored-library-traefik:${versions[generation]}`,
      networkMode: `container:${beside}`,
      cmd: [
        '--global.checknewversion=false',
        '--global.sendanonymoususage=false',
        '--api.insecure=true',
        `--entrypoints.traefik.address=:${API[generation]}`,
        `--providers.file.filename=${FILE}`,
        ...ports,
      ],
    },
    starting,
  );
  const content = JSON.stringify(configOf(trials, generation));
  await containerCommander(engine, container.id, name).copyIn([{ path: FILE, content }], starting);
  await container.start();
}

/** JSON is YAML. */
function configOf(trials: readonly Trial[], generation: Generation): object {
  const routers = trials.map((trial, index) => [
    `r${index}`,
    { entryPoints: [`r${index}`], rule: trial[generation], service: 'taken' },
  ]);
  const servers = [{ url: `http://127.0.0.1:${BACKEND}` }];
  return { http: { routers: Object.fromEntries(routers), services: { taken: { loadBalancer: { servers } } } } };
}

interface RouterNow {
  readonly name: string;
  readonly provider: string;
  readonly rule: string;
  readonly status: string;
  readonly error?: readonly string[];
}

/** @returns the routers that are not enabled, and why. */
function untilRead(count: number, generation: Generation, client: Commander, { signal }: Traefiks): Promise<string[]> {
  const url = `http://127.0.0.1:${API[generation]}/api/http/routers?per_page=${2 * count + 10}`;
  return waitFor(
    `Traefik ${generation} has read ${count} rules`,
    async (until) => {
      const { stdout } = await client.exec(['curl', '--silent', '--show-error', '--fail', url], { signal: until });
      const routers = (JSON.parse(stdout) as readonly RouterNow[]).filter(({ provider }) => provider === 'file');
      if (routers.length < count) return notYet(`${routers.length} routers`);
      const off = routers.filter(({ status }) => status !== 'enabled');
      return done(off.map(({ rule, status, error = [] }) => `${generation}: ${rule}: ${status} ${error.join('; ')}`));
    },
    { signal, withinMs: 60_000, everyMs: 500 },
  );
}

async function askAll(
  trials: readonly Trial[],
  generation: Generation,
  client: Commander,
  { signal }: Traefiks,
): Promise<readonly number[]> {
  const requests = trials.flatMap(({ requests: some }, index) =>
    some.map(({ request }) => ({
      port: FIRST_PORT[generation] + index,
      method: request.method ?? 'GET',
      path: target(request),
      from: request.clientIp ?? '127.0.0.1',
      headers: headersOf(request),
    })),
  );
  const input = JSON.stringify({ backend: BACKEND, requests });
  const { stdout } = await client.exec(['node', ASKER], { signal, input, timeoutMs: 120_000 });
  return JSON.parse(stdout) as readonly number[];
}
