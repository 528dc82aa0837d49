/** What a run's first line says besides its plan: commit, versions, and the command that repeats it. */
import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { host, type Engine } from '@faultline/control';
import { ROOT } from './workspace.ts';

export interface Provenance {
  readonly commit: string | null;
  readonly dirty: boolean;
  readonly versions: Readonly<Record<string, string>>;
}

/** The commit that this is; null where there is no git. */
export async function commitOf(signal: AbortSignal): Promise<Pick<Provenance, 'commit' | 'dirty'>> {
  const git = (...args: string[]) =>
    host.exec(['git', '-C', ROOT, ...args], { signal, accept: 'any' }).catch(() => undefined);
  const [head, status] = await Promise.all([git('rev-parse', '--short=12', 'HEAD'), git('status', '--porcelain')]);
  return {
    commit: head?.exitCode === 0 ? head.stdout.trim() : null,
    dirty: (status?.stdout ?? '').trim() !== '',
  };
}

export async function provenance(engine: Engine, signal: AbortSignal): Promise<Provenance> {
  const [commit, version] = await Promise.all([commitOf(signal), engine.version()]);
  const { version: faultline } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as { version: string };
  return {
    ...commit,
    versions: { faultline, engine: `docker ${version.Version}`, kernel: release(), node: process.version },
  };
}
