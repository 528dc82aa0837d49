/** Commands on the host, by execa. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { accepted, CommandError, deadline, type Commander, type ExecOptions, type Output } from './command.ts';

export const host: Commander = {
  name: 'host',

  async exec(argv, options: ExecOptions = {}): Promise<Output> {
    const [file = '', ...args] = argv;
    const result = await execa(file, args, {
      cancelSignal: deadline(options),
      reject: false,
      stripFinalNewline: false,
      ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
      ...(options.env && { env: options.env }),
    });
    const output = {
      stdout: result.stdout,
      stderr: result.stderr,
      exitCode: result.exitCode ?? -1,
      durationMs: result.durationMs,
    };
    if (result.exitCode === undefined) {
      const reason = result.isCanceled
        ? `was stopped after ${Math.round(result.durationMs)} ms`
        : 'could not be started';
      throw new CommandError({ where: 'host', argv, reason, output, cause: result.cause });
    }
    return accepted('host', argv, output, options.accept);
  },

  async start(argv, options = {}) {
    const [file = '', ...args] = argv;
    const child = execa(file, args, {
      reject: false,
      buffer: false,
      ...(options.signal && { cancelSignal: options.signal }),
      ...(options.env && { env: options.env }),
    });
    const exited = child.then((result) => result.exitCode ?? -1);
    return {
      stdin: child.stdin,
      stdout: child.stdout,
      stderr: child.stderr,
      exited,
      [Symbol.asyncDispose]: async () => {
        child.stdin.end();
        await exited;
      },
    };
  },

  async copyIn(files) {
    for (const { path, content, mode = 0o644 } of files) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content, { mode });
      await chmod(path, mode);
    }
  },
};
