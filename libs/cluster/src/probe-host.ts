/** What this host can do: for `faultline doctor`, and for cells that are skipped by name. */
import { containerCommander, labelsOf, onAll, thisProcess, type Commander, type Engine } from '@faultline/control';
import { systemClock } from '@faultline/history';
import { ImageMissingError, reasonOf, runContainer } from './container.ts';
import { HOST_FEATURES, PREPARATION, type HostFeature } from './host-features.ts';
import { K3S_RELEASES } from './image/catalogue.ts';
import { toolsImage } from './image/own.ts';
import { imagesAtHand } from './image/resolve.ts';
import { clusterImages } from './k3s/components.ts';
import { roleLabels } from './site.ts';

export interface HostFinding {
  readonly name: string;
  readonly present: boolean;
  /** How that is known, with the value where there is one. */
  readonly how: string;
  /** What cannot be done where it is absent. */
  readonly skips: readonly string[];
}

export interface ProbeHostOptions {
  readonly signal: AbortSignal;
  /** Our tools image; today's unless told. */
  readonly tools?: string;
}

/**
 * The container is gone long before. If we are killed, the next removal of what is dead takes it, by its labels; and if there is
 * none, it ends by itself, and the engine removes it.
 */
const LIFETIME_MS = 60_000;

/** Everything that Faultline may need of a host, whether it is there, and how that is known. Leaves nothing behind. */
export async function probeHost(
  engine: Engine,
  { signal, tools = toolsImage() }: ProbeHostOptions,
): Promise<readonly HostFinding[]> {
  const [facts, images, trials] = await Promise.all([
    engineFacts(engine),
    imageFindings(engine, tools),
    tryAll(engine, tools, signal),
  ]);
  return [...facts, ...trials, ...images];
}

async function engineFacts(engine: Engine): Promise<readonly HostFinding[]> {
  const info = (await engine.info()) as { ServerVersion: string; CgroupVersion?: string };
  return [
    {
      name: 'container engine 20.10',
      present: atLeast(info.ServerVersion, [20, 10]),
      how: `the engine says ${info.ServerVersion}`,
      skips: ['everything that needs a cluster'],
    },
    {
      name: 'cgroup v2',
      present: info.CgroupVersion === '2',
      how: `the engine says v${info.CgroupVersion ?? '1'}`,
      skips: ['nothing: k3s 1.35 and later run with fail-cgroupv1=false'],
    },
  ];
}

/** @param least major and minor. */
export function atLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [a = 0, b = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return a > major || (a === major && b >= minor);
}

async function imageFindings(engine: Engine, tools: string): Promise<readonly HostFinding[]> {
  const own = {
    name: 'image faultline/tools',
    images: [tools],
    skips: ['everything that needs a cluster. Next: npm run images'],
  };
  const releases = K3S_RELEASES.map(({ version }) => ({
    name: `images of k3s ${version}`,
    images: clusterImages({ loadBalancer: 'servicelb' }, version),
    skips: [`substrate k3s on ${version}, where no registry can be reached`],
  }));
  return Promise.all(
    [own, ...releases].map(async ({ name, images, skips }) => {
      const { missing } = await imagesAtHand(engine, images);
      const how =
        missing.length === 0
          ? `${images.length} of ${images.length} in the engine`
          : `not in the engine: ${missing.join(', ')}`;
      return { name, present: missing.length === 0, how, skips };
    }),
  );
}

/**
 * Which of these features this host lacks, each with how that is known: what needs one of them is skipped by its name.
 * @throws whatever keeps a privileged container from starting: then nothing is known.
 */
export async function lackingFeatures(
  engine: Engine,
  names: readonly string[],
  { signal, tools = toolsImage() }: ProbeHostOptions,
): Promise<readonly HostFinding[]> {
  const features = HOST_FEATURES.filter(({ name }) => names.includes(name));
  if (features.length === 0) return [];
  await using container = await trialContainer(engine, tools, signal);
  const findings = await tryFeatures(container.inside, features, signal);
  return findings.filter(({ present }) => !present);
}

/** Tries every feature in one privileged container without a network, which is thrown away. */
async function tryAll(engine: Engine, tools: string, signal: AbortSignal): Promise<readonly HostFinding[]> {
  const privileged = {
    name: 'privileged containers',
    skips: ['everything that needs a cluster. Next: npm run engine'],
  };
  let container;
  try {
    container = await trialContainer(engine, tools, signal);
  } catch (error) {
    signal.throwIfAborted();
    const why = reasonOf(error).split('\n')[0];
    return [
      {
        ...privileged,
        present: false,
        how: error instanceof ImageMissingError ? `not tried: ${why}` : `none starts: ${why}`,
      },
    ];
  }
  await using trial = container;
  const trials = await tryFeatures(trial.inside, HOST_FEATURES, signal);
  return [
    { ...privileged, present: true, how: 'one was started' },
    ...(await capabilityAndLimits(trial.inside, signal)),
    ...trials,
  ];
}

async function trialContainer(
  engine: Engine,
  tools: string,
  signal: AbortSignal,
): Promise<AsyncDisposable & { readonly inside: Commander }> {
  const run = `doctor-${systemClock.now().toString(36)}`;
  const labels = labelsOf(run, thisProcess(), { expires: Date.parse(systemClock.wall()) + LIFETIME_MS });
  const container = await runContainer(
    engine,
    {
      name: `faultline-${run}`,
      image: tools,
      labels: roleLabels(labels, 'client'),
      privileged: true,
      autoRemove: true,
      entrypoint: ['sleep', String(LIFETIME_MS / 1000)],
      cmd: [],
    },
    { signal },
  );
  const inside = containerCommander(engine, container.id, 'the trial container');
  return { inside, [Symbol.asyncDispose]: () => container[Symbol.asyncDispose]() };
}

async function tryFeatures(
  inside: Commander,
  features: readonly HostFeature[],
  signal: AbortSignal,
): Promise<readonly HostFinding[]> {
  await inside.exec(PREPARATION, { signal });
  return onAll(features, (feature) => tryOne(inside, feature, signal));
}

async function tryOne(
  inside: Commander,
  { name, trial, skips }: HostFeature,
  signal: AbortSignal,
): Promise<HostFinding> {
  const { exitCode, stdout, stderr } = await inside.exec(trial, { signal, accept: 'any' });
  const said = (stderr.trim() || stdout.trim()).split('\n')[0];
  return { name, present: exitCode === 0, how: `${trial.join(' ')}: ${exitCode === 0 ? 'done' : said}`, skips };
}

const SYS_RESOURCE = 24n;

/** What kind recommends, and what a node of k3s was seen to need a part of. */
const INOTIFY_INSTANCES = 512;

async function capabilityAndLimits(inside: Commander, signal: AbortSignal): Promise<readonly HostFinding[]> {
  const read = async (path: string) => (await inside.exec(['cat', path], { signal })).stdout;
  const [status, instances] = await Promise.all([
    read('/proc/self/status'),
    read('/proc/sys/fs/inotify/max_user_instances'),
  ]);
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return [
    {
      name: 'CAP_SYS_RESOURCE',
      present: ((effective >> SYS_RESOURCE) & 1n) === 1n,
      how: 'effective capabilities of a privileged container',
      skips: ['nothing: k3s nodes run containerd with restrict_oom_score_adj'],
    },
    {
      name: `inotify instances >= ${INOTIFY_INSTANCES}`,
      present: Number(instances) >= INOTIFY_INSTANCES,
      how: `fs.inotify.max_user_instances is ${instances.trim()}`,
      skips: ['clusters of many k3s nodes. Next: sysctl fs.inotify.max_user_instances=512'],
    },
  ];
}
