/**
 * The engine's configuration, /etc/docker/daemon.json: what we need is added, what stands there stays.
 */

/**
 * The text with our runtime as the default one.
 * @throws when it is no JSON object, or already names another default runtime: that choice is not ours to undo.
 */
export function withRuntime(text: string | undefined, name: string, path: string): string {
  const found = parsed(text ?? '{}');
  const runtimes = found['runtimes'] ?? {};
  const chosen = found['default-runtime'] ?? name;
  if (!isObject(runtimes))
    throw new Error(
      '/etc/docker/daemon.json: `runtimes` is not an object.\nNext: correct it by hand, then npm run engine',
    );
  if (chosen !== name) {
    throw new Error(
      `/etc/docker/daemon.json: default-runtime is already ${JSON.stringify(chosen)}, and privileged containers do not start with it.\n` +
        `Next: remove that line, or have that runtime drop CAP_SYS_RESOURCE, then npm run engine`,
    );
  }
  const merged = { ...found, runtimes: { ...runtimes, [name]: { path } }, 'default-runtime': name };
  return `${JSON.stringify(merged, undefined, 2)}\n`;
}

function parsed(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(
      `/etc/docker/daemon.json: ${error instanceof Error ? error.message : String(error)}.\nNext: correct it by hand, then npm run engine`,
      { cause: error },
    );
  }
  if (!isObject(value))
    throw new Error('/etc/docker/daemon.json: not a JSON object.\nNext: correct it by hand, then npm run engine');
  return value;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
