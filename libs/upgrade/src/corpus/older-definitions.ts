/**
 * The chart of an older Traefik is not installed where kinds are missing that its release knew. They are there for that step,
 * and gone for the next: so does an upgrade, in which the chart traefik-crd takes away what its new version does not know,
 * whatever comes of Traefik's own chart.
 */
import { Buffer } from 'node:buffer';
import { basename } from 'node:path/posix';
import type { Chart } from './charts.ts';
import type { Asking } from './objects.ts';

/** On the node's side-car. */
export const ARCHIVE: string = '/tmp/older-definitions.tgz';

/** @returns names of the definitions that were missing, and are there now. */
export async function addMissing({ spec }: Chart, asking: Asking): Promise<readonly string[]> {
  const { kubectl, node, signal } = asking;
  if (spec.chartContent === undefined) return [];
  await node.copyIn([{ path: ARCHIVE, content: Buffer.from(spec.chartContent, 'base64') }], { signal });
  const tar = async (...words: readonly string[]) =>
    (await node.exec(['tar', `--file=${ARCHIVE}`, '--gzip', ...words], { signal })).stdout;
  const there = await kubectl.items<{ metadata: { name: string } }>('customresourcedefinitions');
  const known = new Set(there.map(({ metadata }) => metadata.name));
  const files = (await tar('--list')).split('\n').filter((file) => /\/templates\/[^/_]+_\w+\.yaml$/.test(file));
  const missing = files.filter((file) => !known.has(definitionIn(file)));
  for (const file of missing) {
    const said = await kubectl.apply(await tar('--extract', '--to-stdout', file), '--server-side');
    if (said !== 'applied') throw new Error(`${file} was ${said}`);
  }
  return missing.map(definitionIn);
}

export async function removeDefinitions(names: readonly string[], { kubectl }: Asking): Promise<void> {
  if (names.length === 0) return;
  await kubectl.run('delete', 'customresourcedefinitions', ...names, '--timeout=50s');
}

/** `traefik-crd/templates/traefik.io_middlewares.yaml` defines `middlewares.traefik.io`. */
function definitionIn(file: string): string {
  const [group = '', plural = ''] = basename(file, '.yaml').split('_');
  return `${plural}.${group}`;
}
