/** The command that starts the prober in its container. Pure. */
import { FOLDER } from './program.ts';
import type { ProbeSpec, Vantage } from './spec.ts';

export function proberCommand(vantage: Vantage, specs: readonly ProbeSpec[]): readonly string[] {
  // A larger young generation: fewer collections, each of which would hold up the schedule.
  const node = [
    'node',
    '--max-semi-space-size=32',
    `${FOLDER}/main.ts`,
    ...(vantage.punctual === true ? ['punctual'] : []),
  ];
  const icmp = specs.some(({ kind }) => kind === 'icmp');
  const arp = specs.find((spec) => spec.kind === 'arp');
  const opened = ['perl', `${FOLDER}/sockets.pl`, icmp ? 'icmp' : 'no-icmp', arp?.interface ?? 'no-arp'];
  const command = icmp || arp ? [...opened, ...node] : node;
  return vantage.netns === undefined ? command : ['nsenter', `--net=${vantage.netns}`, '--', ...command];
}
