/** What the nodes and balancers said, saved into the run's folder before they are thrown away: also, and above all, when a boot failed. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Buffer } from 'node:buffer';
import { LABEL, onAll, type Engine } from '@faultline/control';
import { ourObjects } from './objects.ts';

/** Lines of each node: the first minutes of a k3s server are some 3000. */
const TAIL = 10_000;

/** Writes `logs/<node>.log`, readable by us alone, and returns the paths. One whose log cannot be had has none. */
export async function saveLogs(engine: Engine, run: string, folder: string): Promise<readonly string[]> {
  const objects = await ourObjects(engine, run);
  const nodes = objects.filter(({ labels }) => ['node', 'balancer'].includes(labels[LABEL.role] ?? ''));
  await mkdir(join(folder, 'logs'), { recursive: true });
  const paths = await onAll(nodes, async ({ id, labels }) => {
    const path = join(folder, 'logs', `${labels[LABEL.node]}.log`);
    const options = { stdout: true, stderr: true, timestamps: true, tail: TAIL } as const;
    const log = await engine
      .getContainer(id)
      .logs({ ...options, follow: false })
      .catch(() => undefined);
    if (!log) return [];
    await writeFile(path, unframed(log), { mode: 0o600 });
    return [path];
  });
  return paths.flat();
}

/** The engine sends frames: a header of 8 bytes, of which the last 4 are the length, then that many bytes of the log. */
export function unframed(log: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= log.length;) {
    const end = at + 8 + log.readUInt32BE(at + 4);
    parts.push(log.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(parts);
}
