/**
 * A vitest reporter that writes the tally to the file named by FAULTLINE_TALLY.
 *
 * vitest's own JSON has no reason of a skip, and passes over a hook that failed: its tests are merely "skipped" there.
 */
import { writeFile } from 'node:fs/promises';
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';
import { failed, nothing, passed, sum, type Tally } from './tally.ts';

export default class TallyReporter implements Reporter {
  #root = '.';

  onInit(vitest: Vitest): void {
    this.#root = vitest.config.root;
  }

  async onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): Promise<void> {
    const file = process.env['FAULTLINE_TALLY'];
    if (file === undefined) throw new Error('FAULTLINE_TALLY names no file to write to; use: npm test');
    const tally = sum([
      ...modules.flatMap((module) => this.#tallyOf(module)),
      ...unhandled.map(() => failed('an error outside of all tests')),
    ]);
    await writeFile(file, JSON.stringify(tally));
  }

  #tallyOf(module: TestModule): Tally[] {
    const path = module.moduleId.replace(`${this.#root}/`, '');
    const broken = [module, ...module.children.allSuites()].filter((part) => part.errors().length > 0);
    return [
      ...broken.map((part) => failed(part.type === 'module' ? path : `${path} > ${part.fullName}`)),
      ...[...module.children.allTests()].map((test) => tallyOfTest(test, `${path} > ${test.fullName}`)),
    ];
  }
}

function tallyOfTest(test: TestCase, name: string): Tally {
  const result = test.result();
  switch (result.state) {
    case 'passed':
      return passed;
    case 'skipped':
      return { ...nothing, skipped: [{ name, reason: result.note ?? 'no reason given' }] };
    case 'failed':
    case 'pending':
      return failed(name);
  }
}
