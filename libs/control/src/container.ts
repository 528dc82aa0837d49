/** Commands in a container, through the engine's API: no `docker` client is needed on the host. */
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { PassThrough, type Duplex } from 'node:stream';
import { pack } from 'tar-stream';
import {
  accepted,
  CommandError,
  deadline,
  type Commander,
  type ExecOptions,
  type FileToCopy,
  type Output,
  type Running,
  type StartOptions,
} from './command.ts';
import type { Engine } from './engine.ts';

/** @param id the container's id or name; @param name what errors call it. */
export function containerCommander(engine: Engine, id: string, name: string): Commander {
  const container = engine.getContainer(id);

  const begin = async (argv: readonly string[], options: StartOptions): Promise<Running> => {
    const exec = await unlessAborted(
      container.exec({
        Cmd: [...argv],
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
        ...(options.env && { Env: Object.entries(options.env).map(([key, value]) => `${key}=${value}`) }),
      }),
      options.signal,
    );
    const stream = await unlessAborted(exec.start({ hijack: true, stdin: true }), options.signal);
    return running(engine, stream, async () => (await exec.inspect()).ExitCode ?? -1, options.signal);
  };

  return {
    name,
    start: (argv, options = {}) => begin(argv, options),

    async exec(argv, options: ExecOptions = {}): Promise<Output> {
      const started = performance.now();
      const signal = deadline(options);
      const fail = (reason: string, cause: unknown) => new CommandError({ where: name, argv, reason, cause });
      signal.throwIfAborted();
      let process: Running;
      try {
        process = await begin(argv, { ...options, signal });
      } catch (error) {
        if (signal.aborted) throw fail(`was stopped after ${Math.round(performance.now() - started)} ms`, error);
        throw fail(`could not be started: ${error instanceof Error ? error.message : String(error)}`, error);
      }
      process.stdin.end(options.input ?? '');
      const [stdout, stderr, exitCode] = await Promise.all([
        text(process.stdout),
        text(process.stderr),
        process.exited,
      ]);
      const output = { stdout, stderr, exitCode, durationMs: performance.now() - started };
      if (signal.aborted) throw fail(`was stopped after ${Math.round(output.durationMs)} ms`, signal.reason);
      return accepted(name, argv, output, options.accept);
    },

    async copyIn(files, options = {}) {
      await container.putArchive(await archive(files), {
        path: '/',
        ...(options.signal && { abortSignal: options.signal }),
      });
    },
  };
}

/** One process over one hijacked connection: when the connection closes, the engine closes the process's standard input. */
export function running(
  engine: Engine,
  stream: Duplex,
  exitCode: () => Promise<number>,
  signal?: AbortSignal,
): Running {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  engine.modem.demuxStream(stream, stdout, stderr);
  const closed = new Promise<void>((resolve) => {
    stream.once('end', resolve);
    stream.once('close', resolve);
    stream.once('error', () => resolve());
  });
  const abort = () => void stream.destroy();
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  const exited = closed.then(async () => {
    signal?.removeEventListener('abort', abort);
    stdout.end();
    stderr.end();
    return signal?.aborted ? -1 : exitCode().catch(() => -1);
  });
  return {
    stdin: stream,
    stdout,
    stderr,
    exited,
    [Symbol.asyncDispose]: async () => {
      stream.end();
      await exited;
    },
  };
}

/** Docker 20.10 may take an exec into a container that has just died, and never answer (seen). */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  signal.throwIfAborted();
  const settled = new AbortController();
  const aborted = once(signal, 'abort', { signal: settled.signal }).then((): never => {
    throw signal.reason;
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    settled.abort();
  }
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

async function archive(files: readonly FileToCopy[]): Promise<Buffer> {
  const tar = pack();
  for (const { path, content, mode = 0o644 } of files) {
    tar.entry({ name: path.replace(/^\/+/, ''), mode }, Buffer.from(content));
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
