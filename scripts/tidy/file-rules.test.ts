import { describe, expect, test } from 'vitest';
import { parse } from '../source/source.ts';
import {
  assets,
  chance,
  clock,
  console as speech,
  exit,
  fileRules,
  longLines,
  names,
  scenarioNames,
  shell,
  sleep,
  syntax,
  timers,
  type FileRule,
} from './file-rules.ts';

const LIB = 'libs/fault/src/drop.ts';

const rules: Record<
  string,
  { rule: FileRule; breaks: [path: string, text: string][]; keeps: [path: string, text: string][] }
> = {
  assets: {
    rule: assets,
    breaks: [
      ['libs/report/src/html.ts', '`<script src="https://cdn.example/d3.js">`'],
      ['libs/report/src/html.ts', '`<script src="//cdn.example/d3.js">`'],
      ['libs/report/src/html.ts', `'<link rel="stylesheet" href="https://a/b.css">'`],
      ['libs/report/src/html.ts', `'background: url(https://a/b.png)'`],
    ],
    keeps: [
      ['libs/report/src/html.ts', '`<a href="https://github.com/metallb/metallb/issues/1">`'],
      ['libs/report/src/html.ts', '`<svg xmlns="http://www.w3.org/2000/svg">`'],
      [LIB, `'src="https://a"'`],
    ],
  },
  chance: {
    rule: chance,
    breaks: [[LIB, 'Math.random()']],
    keeps: [
      ['libs/scenario/src/seed.ts', 'Math.random()'],
      [LIB, 'Math.max(1)'],
    ],
  },
  clock: {
    rule: clock,
    breaks: [
      [LIB, 'Date.now()'],
      [LIB, 'new Date()'],
    ],
    keeps: [
      ['libs/history/src/clock.ts', 'new Date()'],
      ['libs/workload/src/app/main.ts', 'Date.now()'],
      [LIB, 'new Date(wall)'],
      ['libs/fault/src/drop.test.ts', 'Date.now()'],
    ],
  },
  console: {
    rule: speech,
    breaks: [[LIB, 'console.log(x)']],
    keeps: [
      ['libs/cli/src/main.ts', 'console.log(x)'],
      ['scripts/tidy.ts', 'console.log(x)'],
    ],
  },
  exit: { rule: exit, breaks: [[LIB, 'process.exit(1)']], keeps: [[LIB, 'process.exitCode = 1']] },
  longLines: {
    rule: longLines,
    breaks: [[LIB, `// ${'x'.repeat(140)}`]],
    keeps: [[LIB, `// ${'x'.repeat(137)}`]],
  },
  names: {
    rule: names,
    breaks: [
      ['libs/fault/src/utils.ts', ''],
      ['libs/fault/src/types.ts', ''],
      ['libs/fault/src/helpers/drop.ts', ''],
      ['libs/fault/src/utils.test.ts', ''],
    ],
    keeps: [
      ['libs/fault/src/types-of-faults.ts', ''],
      [LIB, ''],
    ],
  },
  scenarioNames: {
    rule: scenarioNames,
    breaks: [
      ['scenarios/failover/kill.scenario.ts', `export default defineScenario({ name: 'freeze' })`],
      ['scenarios/failover/kill.scenario.ts', 'export default defineScenario({})'],
      ['scenarios/incidents/kill.incident.ts', `export default defineIncident({ name: 'freeze' })`],
      ['scenarios/failover/kill.ts', ''],
    ],
    keeps: [
      ['scenarios/incidents/kill.incident.ts', `export default defineIncident({ name: 'kill' })`],
      ['scenarios/failover/kill.scenario.ts', `export default defineScenario({ name: 'kill', probes: { name: 'x' } })`],
    ],
  },
  shell: {
    rule: shell,
    breaks: [
      [LIB, 'spawn(command, { shell: true })'],
      [LIB, 'exec(command)'],
      [LIB, 'execSync(command)'],
      [LIB, `import { $ } from 'zx'`],
    ],
    keeps: [
      ['scripts/engine.ts', `import { $ } from 'zx'`],
      [LIB, 'node.exec(["nft"])'],
      [LIB, 'execFile(program, args)'],
    ],
  },
  sleep: {
    rule: sleep,
    breaks: [
      [LIB, 'setTimeout(go, 10)'],
      [LIB, 'globalThis.setInterval(go, 10)'],
    ],
    keeps: [
      ['libs/control/src/wait.ts', 'setTimeout(go, 10)'],
      [LIB, 'AbortSignal.timeout(10)'],
    ],
  },
  syntax: { rule: syntax, breaks: [[LIB, 'const']], keeps: [[LIB, 'const a = 1']] },
  timers: {
    rule: timers,
    breaks: [[LIB, `import { setTimeout as pause } from 'node:timers/promises'`]],
    keeps: [['libs/control/src/wait.ts', `import { setTimeout as pause } from 'node:timers/promises'`]],
  },
};

describe.each(Object.entries(rules))('%s', (_, { rule, breaks, keeps }) => {
  test.each(breaks)('is broken in %s by %s', (path, text) => {
    expect(rule(parse(path, text))).toHaveLength(1);
  });

  test.each(keeps)('is kept in %s by %s', (path, text) => {
    expect(rule(parse(path, text))).toEqual([]);
  });
});

test('every rule of the table is tested', () => {
  expect(new Set(Object.values(rules).map(({ rule }) => rule))).toEqual(new Set(fileRules));
});
