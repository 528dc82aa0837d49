/**
 * Containers and volumes of a run: made with its labels, gone when disposed.
 *
 * dockerode and not testcontainers, for what the latter lacks: a static address and MAC, the namespaces of another
 * container, a private cgroup namespace, volumes that outlive the container.
 */
import { isAlready, isMissing, type Engine } from '@faultline/control';

export interface ContainerSpec {
  /** Unique in the engine: `faultline-<run>-<node>`. */
  readonly name: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly hostname?: string;
  /** A place on the LAN. Without one, and without `networkMode`, the container has loopback alone. */
  readonly lan?: { readonly network: string; readonly address: string; readonly mac: string };
  /** `container:<id>`: share that container's network namespace. */
  readonly networkMode?: string;
  /** `container:<id>`: share that container's PID namespace. */
  readonly pidMode?: string;
  readonly privileged?: boolean;
  /** Weight against other containers when the CPUs are short; 1024 is the engine's usual. */
  readonly cpuShares?: number;
  readonly capAdd?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A tiny init of the engine's as PID 1, which reaps what it is left. */
  readonly init?: boolean;
  /** The engine removes it when its process has ended, whether or not anybody of us is left to do so. */
  readonly autoRemove?: boolean;
  /** Path to mount options, e.g. `{ '/run': '' }`. */
  readonly tmpfs?: Readonly<Record<string, string>>;
  /** Named volumes (see createVolume), or a folder of the engine's, writable, by path in the container. */
  readonly volumes?: Readonly<Record<string, string>>;
  /** Files or folders of the host, read-only, by path in the container. Never the engine's socket. */
  readonly binds?: Readonly<Record<string, string>>;
  /** TCP ports of the container by port on 127.0.0.1 of the host; 0: a free one, another after each start. */
  readonly ports?: readonly { readonly container: number; readonly host: number }[];
  readonly sysctls?: Readonly<Record<string, string>>;
}

export interface Container extends AsyncDisposable {
  readonly id: string;
  readonly name: string;
  start(): Promise<void>;
  /** The port of 127.0.0.1 that leads to this port of the running container. */
  publishedPort(port: number): Promise<number>;
}

export class ImageMissingError extends Error {
  readonly image: string;
  constructor(image: string, cause?: unknown) {
    const next = image.startsWith('faultline/')
      ? 'npm run images'
      : `docker pull ${image}, or docker load --input <archive> where there is no registry`;
    super(`the image ${image} is not in the container engine.\nNext: ${next}`, { cause });
    this.name = 'ImageMissingError';
    this.image = image;
  }
}

/**
 * Makes a container, and does not start it.
 *
 * The request is never cut off midway: the engine would finish it, and nobody would know the container. The signal is
 * asked before. Whoever makes containers for a run has `removeRun` deferred before the first.
 * @throws ImageMissingError
 */
export async function createContainer(
  engine: Engine,
  spec: ContainerSpec,
  { signal }: { signal: AbortSignal },
): Promise<Container> {
  signal.throwIfAborted();
  const container = await engine.createContainer(request(spec)).catch((cause: unknown) => {
    if (isMissing(cause) && String(cause).includes('image')) throw new ImageMissingError(spec.image, cause);
    throw new Error(`the container ${spec.name} could not be made: ${reasonOf(cause)}`, { cause });
  });
  return {
    id: container.id,
    name: spec.name,
    async start() {
      signal.throwIfAborted();
      await container.start().catch((cause: unknown) => {
        throw new Error(`the container ${spec.name} could not be started: ${reasonOf(cause)}`, { cause });
      });
    },
    async publishedPort(port) {
      const { NetworkSettings } = await container.inspect();
      const published = NetworkSettings.Ports[`${port}/tcp`]?.[0]?.HostPort;
      if (!published) throw new Error(`the container ${spec.name} publishes no port ${port}: is it running?`);
      return Number(published);
    },
    [Symbol.asyncDispose]: () => removeContainer(engine, container.id),
  };
}

/** Makes and starts. A container that does not start is removed again. */
export async function runContainer(
  engine: Engine,
  spec: ContainerSpec,
  options: { signal: AbortSignal },
): Promise<Container> {
  const container = await createContainer(engine, spec, options);
  await using undo = new AsyncDisposableStack();
  undo.use(container);
  await container.start();
  undo.move();
  return container;
}

/** SIGKILL and remove, with its anonymous volumes. Gone already is fine. */
export async function removeContainer(engine: Engine, id: string): Promise<void> {
  await engine.getContainer(id).remove({ force: true, v: true }).catch(unlessGone);
}

export interface Volume extends AsyncDisposable {
  readonly name: string;
}

export async function createVolume(
  engine: Engine,
  spec: { readonly name: string; readonly labels: Readonly<Record<string, string>> },
  { signal }: { signal: AbortSignal },
): Promise<Volume> {
  signal.throwIfAborted();
  await engine.createVolume({ Name: spec.name, Labels: { ...spec.labels } });
  return {
    name: spec.name,
    [Symbol.asyncDispose]: async () => void (await engine.getVolume(spec.name).remove().catch(unlessGone)),
  };
}

/** For removals: what is gone, or being removed by somebody else, is as we want it. */
export function unlessGone(error: unknown): void {
  if (!isMissing(error) && !isAlready(error)) throw error;
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function request(spec: ContainerSpec): Parameters<Engine['createContainer']>[0] {
  const published = spec.ports ?? [];
  return {
    name: spec.name,
    Image: spec.image,
    Labels: { ...spec.labels },
    ...(spec.hostname && { Hostname: spec.hostname }),
    ...(spec.entrypoint && { Entrypoint: [...spec.entrypoint] }),
    ...(spec.cmd && { Cmd: [...spec.cmd] }),
    ...(spec.env && { Env: Object.entries(spec.env).map(([key, value]) => `${key}=${value}`) }),
    ...network(spec),
    ExposedPorts: Object.fromEntries(published.map(({ container }) => [`${container}/tcp`, {}])),
    HostConfig: {
      NetworkMode: spec.lan?.network ?? spec.networkMode ?? 'none',
      ...privateCgroups,
      ...(spec.lan && noOtherNames),
      // What a node logs is bounded: a forgotten cluster must not fill the disk.
      LogConfig: { Type: 'json-file', Config: { 'max-size': '50m' } },
      PortBindings: Object.fromEntries(published.map(({ container, host }) => [`${container}/tcp`, [binding(host)]])),
      Binds: [
        ...Object.entries(spec.volumes ?? {}).map(([path, volume]) => `${volume}:${path}`),
        ...Object.entries(spec.binds ?? {}).map(([path, source]) => `${source}:${path}:ro`),
      ],
      ...(spec.pidMode && { PidMode: spec.pidMode }),
      ...(spec.privileged && { Privileged: true }),
      ...(spec.capAdd && { CapAdd: [...spec.capAdd] }),
      ...(spec.cpuShares && { CpuShares: spec.cpuShares }),
      ...(spec.init && { Init: true }),
      ...(spec.autoRemove && { AutoRemove: true }),
      ...(spec.tmpfs && { Tmpfs: { ...spec.tmpfs } }),
      ...(spec.sysctls && { Sysctls: { ...spec.sysctls } }),
    },
  };
}

/** Spread in, because dockerode's types do not know it. */
const privateCgroups = { CgroupnsMode: 'private' };

const binding = (host: number) => ({ HostIp: '127.0.0.1', HostPort: host === 0 ? '' : String(host) });

/**
 * Names of other containers resolve, and no other: without a server of its own, the engine's resolver asks the host's, and
 * where that one listens on loopback, the engine asks it from outside the container's network.
 */
const noOtherNames = { Dns: ['127.0.0.1'] };

/** The MAC stands twice: engines up to 24 read the one of the container, later ones that of the endpoint. */
function network({ lan }: ContainerSpec): object {
  if (!lan) return {};
  const endpoint = { IPAMConfig: { IPv4Address: lan.address }, MacAddress: lan.mac };
  return { MacAddress: lan.mac, NetworkingConfig: { EndpointsConfig: { [lan.network]: endpoint } } };
}
