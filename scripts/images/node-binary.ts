/** The Node program for the engine's architecture, as npm brings it: the images run the same one as we do. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { $ } from 'zx';

const npmNames: Readonly<Record<string, string>> = { x86_64: 'x64', aarch64: 'arm64' };

/** Path of a Node binary in `folder`, without symbols where the host can strip it (a seventh of its size). */
export async function nodeBinary(version: string, architecture: string, folder: string): Promise<string> {
  const name = npmNames[architecture];
  if (name === undefined)
    throw new Error(`no Node for ${architecture}; there is one for ${Object.keys(npmNames).join(', ')}`);
  const source = await installedOrPacked(`node-linux-${name}`, version, folder);
  const copy = join(folder, 'node');
  await $`cp ${source} ${copy}`;
  await $({ nothrow: true, quiet: true })`strip ${copy}`;
  return copy;
}

/** A Mac has no Linux binary in node_modules; the registry that `npm ci` used has one. */
async function installedOrPacked(name: string, version: string, folder: string): Promise<string> {
  const installed = join(import.meta.dirname, '../../node_modules', name, 'bin/node');
  const isInstalled = await access(installed).then(
    () => true,
    () => false,
  );
  if (isInstalled) return installed;
  console.log(`images: fetching ${name}@${version} with npm`);
  await $`npm pack --silent --pack-destination ${folder} ${name}@${version}`;
  await $`tar -x -z -C ${folder} -f ${folder}/${name}-${version}.tgz`;
  return join(folder, 'package/bin/node');
}
