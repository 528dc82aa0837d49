/** Our own images: what they are called, and building them where they are missing. */
import { join } from 'node:path';
import { readSources, resolveImages } from '@faultline/cluster';
import { ownImages, type OwnImages } from '@faultline/cluster/plan';
import { host, type Engine } from '@faultline/control';
import { ROOT } from './workspace.ts';

export async function ownImageNames(): Promise<OwnImages> {
  return ownImages(await readSources(join(ROOT, 'libs/workload/src/app')));
}

/** Builds those that are missing, by the script that knows how, and says so. @throws ImagesMissingError */
export async function ensureOwnImages(engine: Engine, signal: AbortSignal): Promise<OwnImages> {
  const names = await ownImageNames();
  const build = async () => {
    console.error('faultline: building our own images, once (a minute or two)');
    await host.exec([process.execPath, join(ROOT, 'scripts/images.ts')], { signal, timeoutMs: 900_000 });
  };
  await resolveImages(engine, [names.tools, names.userlist], { signal, build });
  return names;
}
