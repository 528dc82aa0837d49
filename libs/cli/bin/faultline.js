#!/usr/bin/env node
// Plain JavaScript on purpose: it must start on any Node, and hand over to the pinned one that can run the rest.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 24 || (major === 24 && minor >= 12)) {
  // The harness shares a machine with the cluster that it measures: with these it takes a third less memory (measured).
  v8.setFlagsFromString('--max-semi-space-size=1');
  v8.setFlagsFromString('--optimize-for-size');
  await import(main);
} else {
  const name = `node-${process.platform}-${process.arch}`;
  let pinned;
  try {
    pinned = join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'bin', 'node');
  } catch {
    console.error(
      `faultline needs Node >= 24.12, this is ${process.version}, and the pinned package ${name} is not installed.\nNext: npm ci`,
    );
    process.exit(64);
  }
  const child = spawn(pinned, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 130 : (code ?? 1)));
}
