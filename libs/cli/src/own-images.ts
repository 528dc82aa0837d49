/** Our own images: what they are called, and building them where they are missing. */
import { join } from 'node:path';
import { readSources } from '@faultline/cluster';
import { ownImages, type OwnImages } from '@faultline/cluster/plan';
import { host, isMissing, type Engine } from '@faultline/control';
import { ROOT } from './workspace.ts';

export async function ownImageNames(): Promise<OwnImages> {
  return ownImages(await readSources(join(ROOT, 'libs/workload/src/app')));
}

/** Builds those that are missing, by the script that knows how, and says so. */
export async function ensureOwnImages(engine: Engine, signal: AbortSignal): Promise<OwnImages> {
  const names = await ownImageNames();
  const there = await Promise.all([names.tools, names.userlist].map((name) => isThere(engine, name)));
  if (there.every(Boolean)) return names;
  console.error('faultline: building our own images (once; npm run images does the same)');
  await host.exec([process.execPath, join(ROOT, 'scripts/images.ts')], { signal, timeoutMs: 600_000 });
  return names;
}

async function isThere(engine: Engine, name: string): Promise<boolean> {
  try {
    await engine.getImage(name).inspect();
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
