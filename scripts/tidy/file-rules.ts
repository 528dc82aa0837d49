/** Rules that one source file keeps or breaks by itself. */
import { basename } from 'node:path/posix';
import { PROGRAMS } from '../boundaries/edges.ts';
import type { Finding } from '../source/finding.ts';
import { isTest, type Source } from '../source/source.ts';

export type FileRule = (source: Source) => readonly Finding[];

const FOR_PEOPLE = ['scripts/', 'libs/cli/', ...PROGRAMS];

const within = (source: Source, places: readonly string[]): boolean =>
  places.some((place) => source.path.startsWith(place));

const forbidden =
  (names: RegExp, cure: string, places: readonly string[] = []): FileRule =>
  (source) =>
    isTest(source) || within(source, places)
      ? []
      : source.uses
          .filter(({ name }) => names.test(name))
          .map(({ name, line }) => ({ file: source.path, line, problem: name, cure }));

/** The clock is handed over, so that a test can hold it still and a run has only one. */
export const clock = forbidden(/^(Date\.now|new Date)\(\)$/, 'use the Clock of @faultline/history', [
  'libs/history/src/clock.ts',
  ...PROGRAMS,
]);

/** The same seed gives the same run. */
export const chance = forbidden(/^Math\.random\(\)$/, "use the plan's seed (libs/scenario/src/seed.ts)", [
  'libs/scenario/src/seed.ts',
]);

/** A sleep is a guess about how long something takes. */
export const sleep = forbidden(
  /^(setTimeout|setInterval)\(\)$/,
  'use waitFor (a deadline, and what was last seen) or elapse (a schedule) of @faultline/control',
  ['libs/control/src/wait.ts', ...PROGRAMS],
);

/** The same, by the back door. */
export const timers: FileRule = (source) =>
  within(source, ['libs/control/src/wait.ts', ...PROGRAMS]) || isTest(source)
    ? []
    : importing(source, /^node:timers/, 'use waitFor or elapse of @faultline/control');

/** What a cluster or a scenario says must not become code. */
export const shell: FileRule = (source) => [
  ...forbidden(
    /^shell: true$|^(exec|execSync)\(\)$|^execaCommand(Sync)?\(\)$/,
    'use an argument array (host.exec of @faultline/control)',
  )(source),
  ...(within(source, ['scripts/'])
    ? []
    : importing(source, /^zx(\/|$)/, 'use host.exec of @faultline/control: zx is for scripts/')),
];

export const console: FileRule = forbidden(
  /^console\.\w+\(\)$/,
  'use the history: only the command and the scripts speak to people',
  FOR_PEOPLE,
);

export const exit: FileRule = forbidden(
  /^process\.exit\(\)$/,
  'use process.exitCode or throw: exit() runs no `await using`, so nothing is healed or removed',
  FOR_PEOPLE,
);

const LONGEST = 140;

export const longLines: FileRule = ({ path, text }) =>
  text.split('\n').flatMap((line, index) =>
    line.length <= LONGEST
      ? []
      : [
          {
            file: path,
            line: index + 1,
            problem: `a line of ${line.length} characters`,
            cure: `use ${LONGEST} at most (npm run format)`,
          },
        ],
  );

const VAGUE = new Set(['common', 'helper', 'helpers', 'misc', 'shared', 'types', 'util', 'utils']);

export const names: FileRule = ({ path }) =>
  path.split('/').some((part) => VAGUE.has(part.split('.')[0] ?? ''))
    ? [
        {
          file: path,
          line: 1,
          problem: `${basename(path)} could hold anything`,
          cure: 'use a name that says what it does',
        },
      ]
    : [];

/** `faultline run <name>` and `faultline incidents <name>` find the file by its name. */
export const scenarioNames: FileRule = (source) => {
  if (!source.path.startsWith('scenarios/')) return [];
  const fileName = basename(source.path).replace(/\.ts$/, '');
  const first = source.uses.find(({ name }) => name.startsWith('name: '));
  const line = first?.line ?? 1;
  const [, named, kind] = /^(.*)\.(scenario|incident)$/.exec(fileName) ?? [];
  if (named === undefined) {
    const cure = 'use <name>.scenario.ts or <name>.incident.ts, or another folder';
    return [{ file: source.path, line: 1, problem: 'no scenario', cure }];
  }
  const name = first?.name.slice('name: '.length) ?? '(none)';
  if (name === named) return [];
  return [{ file: source.path, line, problem: `the ${kind} is called ${name}`, cure: 'use the name of its file' }];
};

/** A report opens offline, and tells nobody that it was opened. A link may lead out; what loads by itself may not. */
export const assets: FileRule = ({ path, text }) => {
  const loads =
    /\b(src|srcset|poster)=["'`]?(https?:)?\/\/|<link\b[^>]*href=["'`]?(https?:)?\/\/|url\(\s*["']?(https?:)?\/\/|@import\s+["']/i;
  if (!path.startsWith('libs/report/') || isTest({ path })) return [];
  return text.split('\n').flatMap((line, index) =>
    loads.test(line)
      ? [
          {
            file: path,
            line: index + 1,
            problem: 'an asset from the network',
            cure: 'use what is inlined in the report',
          },
        ]
      : [],
  );
};

const importing = (source: Source, pattern: RegExp, cure: string): Finding[] =>
  source.imports
    .filter(({ from, isErased }) => !isErased && pattern.test(from))
    .map(({ from, line }) => ({ file: source.path, line, problem: `import of ${from}`, cure }));

export const syntax: FileRule = ({ path, errors }) =>
  errors.map((problem) => ({ file: path, line: 1, problem, cure: 'use TypeScript that can be stripped' }));

export const fileRules: readonly FileRule[] = [
  assets,
  chance,
  clock,
  console,
  exit,
  longLines,
  names,
  scenarioNames,
  shell,
  sleep,
  syntax,
  timers,
];
