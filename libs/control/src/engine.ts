/**
 * The container engine.
 *
 * testcontainers finds it (DOCKER_HOST, contexts, rootless sockets, Podman, Colima); dockerode, which testcontainers
 * brings, speaks to it. No container of ours ever gets the socket.
 */
import type Dockerode from 'dockerode';
import { getContainerRuntimeClient } from 'testcontainers';

export type Engine = Dockerode;

export class EngineMissingError extends Error {
  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `no container engine answers (${reason}).\nNext: start Docker, or as root on Debian or Ubuntu: npm run engine`,
      { cause },
    );
    this.name = 'EngineMissingError';
  }
}

let connected: Promise<Engine> | undefined;

/**
 * The engine, connected once a process.
 * @throws EngineMissingError when none answers.
 */
export function engine(): Promise<Engine> {
  connected ??= connect();
  return connected;
}

async function connect(): Promise<Engine> {
  try {
    const client = await getContainerRuntimeClient();
    const docker = client.container.dockerode;
    await docker.ping();
    return docker;
  } catch (error) {
    connected = undefined;
    throw new EngineMissingError(error);
  }
}

/** Whether the engine's error is "there is no such object". */
export function isMissing(error: unknown): boolean {
  return statusOf(error) === 404;
}

/** Whether the engine's error says that the object is already in the wanted state, or being removed by somebody else. */
export function isAlready(error: unknown): boolean {
  const status = statusOf(error);
  return status === 304 || status === 409;
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : undefined;
}
