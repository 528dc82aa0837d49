/** README.md of a bundle: for people who open the archive. Pure. */
import { called } from '@faultline/traefik';
import type { About, Bundle, LeftOut } from './bundle.ts';

const SOURCES: Readonly<Record<About['from'], string>> = {
  cluster: 'read from a live cluster, which was not changed',
  support: 'read from dumps of a cluster',
  run: 'written by a run of Faultline that failed',
};

export function readmeOf({ about, scenario, objects }: Bundle): string {
  const { servers, agents } = scenario.topology;
  const released = about.k3s ? `k3s ${about.k3s.taken}` : 'the substrate bare';
  const lines = [
    `# ${scenario.name}`,
    '',
    scenario.why,
    '',
    `Made ${about.made}, ${SOURCES[about.from]}. ${servers} servers and ${agents} agents, ${released}.`,
    '',
    '    npx faultline replay bundle.tgz',
    '',
    ...section(
      'What was done to it',
      scenario.faults.map(({ kind, lasting }) => `${kind}, for ${lasting}`),
    ),
    ...section('What it came to', about.ran ? [`${about.ran.outcome}: ${about.ran.reason}`] : []),
    ...section('Not quite as it was', about.notes),
    ...section('Objects', objects.map(called)),
    ...section('Left out', about.leftOut.map(leftOut)),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`## ${title}`, '', ...lines.map((line) => `- ${line.replaceAll('\n', ' ')}`), ''];
}

const leftOut = ({ what, why, where, count }: LeftOut): string =>
  `${what} (${count}): ${why}. In ${where.join(', ')}${where.length < count ? ', ...' : ''}`;
