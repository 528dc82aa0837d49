/** How the prober gets into a container, and the command that starts it there. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileToCopy } from '@faultline/control';
import type { ProbeSpec, Vantage } from './spec.ts';

const SOURCES = join(import.meta.dirname, 'prober');
const FOLDER = '/faultline/probe';

/** The prober's program: no dependencies, run by the container's own Node as it is. */
export async function proberFiles(): Promise<readonly FileToCopy[]> {
  const names = (await readdir(SOURCES)).filter((name) => !name.endsWith('.test.ts'));
  return Promise.all(names.map(async (name) => ({ path: `${FOLDER}/${name}`, content: await readFile(join(SOURCES, name)) })));
}

export function proberCommand(vantage: Vantage, specs: readonly ProbeSpec[]): readonly string[] {
  // A larger young generation: fewer collections, each of which would hold up the schedule.
  const node = ['node', '--max-semi-space-size=32', `${FOLDER}/main.ts`];
  const icmp = specs.some(({ kind }) => kind === 'icmp');
  const arp = specs.find((spec) => spec.kind === 'arp');
  const opened = ['perl', `${FOLDER}/sockets.pl`, icmp ? 'icmp' : 'no-icmp', arp?.interface ?? 'no-arp'];
  const command = icmp || arp ? [...opened, ...node] : node;
  return vantage.netns === undefined ? command : ['nsenter', `--net=${vantage.netns}`, '--', ...command];
}
