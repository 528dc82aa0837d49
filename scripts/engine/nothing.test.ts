import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { architectures, isArchitecture, nothing, type Architecture } from './nothing.ts';

const here = ({ x64: 'x86_64', arm64: 'aarch64' } as Record<string, Architecture>)[process.arch];

test('nothing runs here, and does it well', async ({ skip }) => {
  skip(process.platform !== 'linux' || here === undefined, 'the program is for Linux on x86_64 and aarch64');
  const folder = await mkdtemp(join(tmpdir(), 'faultline-nothing-'));
  try {
    const program = join(folder, 'nothing');
    await writeFile(program, nothing(here ?? 'x86_64'), { mode: 0o755 });
    expect(execFileSync(program).length).toBe(0);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each(architectures)('nothing for %s is smaller than a tar header', (architecture) => {
  expect(nothing(architecture).length).toBeLessThan(512);
});

test('other architectures are not guessed', () => {
  expect(isArchitecture('riscv64')).toBe(false);
});
