/**
 * Commands, by one interface: on the host, in a node, in a client container.
 *
 * A command is an argument array, never a shell string: what a cluster or a scenario says cannot become code.
 */
import type { Readable, Writable } from 'node:stream';

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly durationMs: number;
}

export interface ExecOptions {
  readonly signal?: AbortSignal;
  /** Deadline in milliseconds, 30 000 unless told. */
  readonly timeoutMs?: number;
  /** Written to standard input, which is then closed. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are no failure; [0] unless told, 'any' to judge it oneself. */
  readonly accept?: readonly number[] | 'any';
}

export interface StartOptions {
  readonly signal?: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
}

/** A process that goes on. Disposing closes its standard input and waits for it to end: start only what heeds that. */
export interface Running extends AsyncDisposable {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** The exit code; never rejects. -1 where the connection broke before it was known. */
  readonly exited: Promise<number>;
}

export interface FileToCopy {
  /** Absolute path at the destination. Folders are made. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** 0o644 unless told. */
  readonly mode?: number;
}

export interface Commander {
  /** What errors call it: `host`, or the node's name. */
  readonly name: string;
  /** @throws CommandError on an exit code that is not accepted, on the deadline, on abort. */
  exec(argv: readonly string[], options?: ExecOptions): Promise<Output>;
  start(argv: readonly string[], options?: StartOptions): Promise<Running>;
  copyIn(files: readonly FileToCopy[], options?: { signal?: AbortSignal }): Promise<void>;
}

interface Failure {
  readonly where: string;
  readonly argv: readonly string[];
  readonly reason: string;
  readonly output?: Partial<Output>;
  readonly cause?: unknown;
}

/** A command that failed: the first line names the reason, the rest is what it printed. */
export class CommandError extends Error {
  readonly where: string;
  readonly argv: readonly string[];
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;

  constructor({ where, argv, reason, output = {}, cause }: Failure) {
    const printed = [output.stderr, output.stdout].map((text) => text?.trim()).filter(Boolean);
    super([`${where}: \`${argv.join(' ')}\` ${reason}`, ...printed].join('\n'), { cause });
    this.name = 'CommandError';
    this.where = where;
    this.argv = argv;
    this.exitCode = output.exitCode;
    this.stdout = output.stdout ?? '';
    this.stderr = output.stderr ?? '';
  }
}

/** The output, or a CommandError when its exit code is not accepted. */
export function accepted(
  where: string,
  argv: readonly string[],
  output: Output,
  accept: ExecOptions['accept'] = [0],
): Output {
  if (accept === 'any' || accept.includes(output.exitCode)) return output;
  throw new CommandError({ where, argv, reason: `exited with code ${output.exitCode}`, output });
}

/** The signal given, cut off by the deadline. */
export function deadline(options: { signal?: AbortSignal; timeoutMs?: number }): AbortSignal {
  const timeout = AbortSignal.timeout(Math.ceil(options.timeoutMs ?? 30_000));
  return options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
}
