/** Who this app is and how it behaves: from the environment, checked once. */
import { hostname } from 'node:os';

export interface Self {
  readonly pod: string;
  readonly node: string;
  readonly port: number;
  /** UDP. */
  readonly echoPort: number;
  /** The address to listen on; undefined: all of them. */
  readonly listen: string | undefined;
  /** After SIGTERM: how long it still accepts connections while /healthz already says 503, in milliseconds. */
  readonly drainMs: number;
  /** After draining: how long requests in flight may take until they are cut off, in milliseconds. */
  readonly graceMs: number;
}

/** @throws Error naming the variable, its value and what is allowed. */
export function selfFrom(env: Readonly<Record<string, string | undefined>>): Self {
  return {
    pod: nameIn(env, 'POD_NAME', hostname()),
    node: nameIn(env, 'NODE_NAME', 'unknown'),
    port: wholeIn(env, 'PORT', 8181, 65_535),
    echoPort: wholeIn(env, 'ECHO_PORT', 8182, 65_535),
    listen: env['LISTEN'] || undefined,
    drainMs: wholeIn(env, 'DRAIN_MS', 0, 60_000),
    graceMs: wholeIn(env, 'GRACE_MS', 5_000, 60_000),
  };
}

/** Both stand in a header of every answer, so nothing that could end the header may be in them. */
function nameIn(env: Readonly<Record<string, string | undefined>>, name: string, otherwise: string): string {
  const value = env[name] || otherwise;
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/.test(value)) return value;
  throw new Error(
    `${name} is ${JSON.stringify(value)}. Allowed: letters, digits, ".", "_" and "-", at most 253 of them`,
  );
}

function wholeIn(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  otherwise: number,
  most: number,
): number {
  const text = env[name] || String(otherwise);
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  throw new Error(`${name} is ${JSON.stringify(text)}. Allowed: a whole number from 0 to ${most}`);
}
