/**
 * The rooms of this repository, and which room may import which: the one table.
 *
 * It drives the check, and it is printed in docs/whats-here.md (`npm run boundaries -- --table`).
 */

export interface Room {
  readonly name: string;
  /** What the table shows in the column "layer": a room imports only from layers below its own. */
  readonly layer: number | 'top';
  readonly purpose: string;
  /** Names of libs, of other rooms, or one entry of a lib (`scenario/plan`). */
  readonly mayImport: readonly string[];
}

const below = ['history', 'control', 'checker', 'cluster', 'probe', 'workload', 'fault'];

const plans = ['history', 'control', 'checker', 'cluster', 'scenario'];

const libs: readonly Room[] = [
  {
    name: 'history',
    layer: 0,
    purpose: "the run's append-only, versioned event log, its clock, the type of every event",
    mayImport: [],
  },
  {
    name: 'control',
    layer: 1,
    purpose: 'runs commands, copies files and waits with deadlines, on the host and on a node, by one interface',
    mayImport: ['history'],
  },
  {
    name: 'checker',
    layer: 1,
    purpose: 'judges a history: pure checks, outage arithmetic, statistics, the three-valued verdict',
    mayImport: ['history'],
  },
  {
    name: 'traefik',
    layer: 2,
    purpose:
      'what an upgrade of the Traefik in k3s does to manifests: releases, rule grammars, findings and their fixes',
    mayImport: ['control/plan'],
  },
  {
    name: 'cluster',
    layer: 2,
    purpose: 'turns a cluster spec into a plan and a plan into running nodes, disposable',
    mayImport: ['history', 'control'],
  },
  {
    name: 'probe',
    layer: 2,
    purpose: 'observes from the LAN and from inside, at a fixed rate, and writes samples',
    mayImport: ['history', 'control'],
  },
  {
    name: 'report',
    layer: 2,
    purpose: 'renders a history and its verdict: live view, HTML, Markdown, JUnit',
    mayImport: ['history', 'checker'],
  },
  {
    name: 'workload',
    layer: 3,
    purpose: 'deploys the app, Service and Ingress, and knows which pod on which node answered',
    mayImport: ['history', 'control', 'cluster'],
  },
  {
    name: 'fault',
    layer: 3,
    purpose: 'plans, injects, proves and heals disturbances, one or several at once',
    mayImport: ['history', 'control', 'cluster'],
  },
  {
    name: 'scenario',
    layer: 4,
    purpose: 'the words scenario files are written in, the planner, and the runner',
    mayImport: below,
  },
  {
    name: 'upgrade',
    layer: 5,
    purpose: 'upgrades a running cluster from one k3s release to another under traffic, and tells how that ended',
    mayImport: [...below, 'traefik', 'report', 'scenario'],
  },
  {
    name: 'matrix',
    layer: 5,
    purpose:
      'the night: covering arrays of cells, shards, resuming, merging, the history of nights and what changed in it',
    mayImport: plans,
  },
  {
    name: 'claims',
    layer: 5,
    purpose: 'the ledger of claims about k3s networking, each with its check and its negative control',
    mayImport: [...below, 'traefik', 'scenario'],
  },
  {
    name: 'incident',
    layer: 5,
    purpose: 'incidents: bundles, captured without secrets or left by failed runs, replayed, shrunk; the track record',
    mayImport: [...below, 'traefik', 'scenario'],
  },
  {
    name: 'cli',
    layer: 6,
    purpose: 'the `faultline` command',
    mayImport: [...below, 'traefik', 'report', 'scenario', 'upgrade', 'matrix', 'claims', 'incident'],
  },
];

const others: readonly Room[] = [
  {
    name: 'scenarios',
    layer: 'top',
    purpose: 'what is measured: data, one scenario a file; incidents of the track record, one a file',
    mayImport: ['scenario/plan', 'incident/plan'],
  },
  {
    name: 'suites',
    layer: 'top',
    purpose: 'vitest around the runner: the end-to-end tests',
    mayImport: [
      ...below,
      'traefik',
      'report',
      'scenario',
      'upgrade',
      'matrix',
      'claims',
      'incident',
      'cli',
      'scenarios',
    ],
  },
  {
    name: 'scripts',
    layer: 'top',
    purpose: 'engine, images, tests and checks of this repository; nothing imports them',
    mayImport: [...below, 'traefik', 'report', 'scenario', 'upgrade', 'matrix', 'claims', 'incident', 'cli'],
  },
];

export const ROOMS: readonly Room[] = [...libs, ...others];

/**
 * Programs that are copied into a container as they are, each a folder. There is no node_modules there, and nobody hands
 * them a clock or takes their words: their files import Node and each other, and speak for themselves.
 */
export const PROGRAMS: readonly string[] = [
  'libs/cluster/src/bare/node/',
  'libs/probe/src/prober/',
  'libs/upgrade/src/corpus/asker/',
  'libs/workload/src/app/',
];

/** The room of a file, or of none: the configuration in the root belongs to the scripts. */
export function roomOf(path: string): Room | undefined {
  const [first = '', second = ''] = path.split('/');
  const name = first === 'libs' ? second : path.includes('/') ? first : 'scripts';
  return ROOMS.find((room) => room.name === name);
}

/** The table as Markdown. */
export function table(rooms: readonly Room[] = ROOMS): string {
  const folder = ({ name, layer }: Room): string => (layer === 'top' ? `${name}/` : `libs/${name}/`);
  const rows = rooms.map((room) => [
    `\`${folder(room)}\``,
    String(room.layer),
    room.purpose,
    room.mayImport.map((name) => `\`${name}\``).join(', ') || '-',
  ]);
  const lines = [['room', 'layer', 'purpose', 'may import'], ['---', '---', '---', '---'], ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
