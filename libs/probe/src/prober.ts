/** A prober in a container, as the harness sees it: it starts it, writes what it says into the history, and ends it. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Commander, Running } from '@faultline/control';
import type { History } from '@faultline/history';
import { proberCommand } from './launch.ts';
import { describe, faultsOf } from './plan.ts';
import type { Line } from './prober/report.ts';
import { lastWords, programFiles, within } from './program.ts';
import { untilDead } from './pulse.ts';
import type { ProbeSpec, Vantage } from './spec.ts';
import { createTally, type Tally } from './tally.ts';

export interface ProberOptions {
  readonly history: History;
  /** Cancels the start. A prober that runs is ended by `stop`. */
  readonly signal: AbortSignal;
  /** Whose MAC it is (lower case), for `arp` and `neighbour` events. */
  readonly nodeOfMac?: (mac: string) => string | null;
}

/** Disposing is `stop`. */
export interface Prober extends AsyncDisposable {
  readonly vantage: Vantage;
  /** False once it ended: stopped, or died with its container. */
  readonly alive: boolean;
  /** Ends the schedule, waits for the samples on their way, and appends `probe.end` for each probe. Never throws. */
  stop(): Promise<void>;
}

/** For loading the program and the first line, on a host that may be booting a cluster. */
const READY_WITHIN_MS = 20_000;

/** Samples on their way end within their timeout, the prober ends itself within 3 s. */
const STOP_WITHIN_MS = 5000;

/**
 * Starts one process for all these probes, and returns when it is about to send.
 *
 * Appends `probe.begin`, then `samples` and `arp` as they come, `probe.end` at the end. A prober whose container dies ends
 * by itself, with a warning in the history: to kill its node is what a run does.
 * @throws Error naming what is wrong with the probes, or why the prober does not start.
 */
export async function startProber(
  commander: Commander,
  vantage: Vantage,
  specs: readonly ProbeSpec[],
  options: ProberOptions,
): Promise<Prober> {
  const { history, signal } = options;
  const faults = faultsOf(specs);
  if (faults.length > 0) throw new Error(`the probes from ${vantage.name} cannot be sent:\n${faults.join('\n')}`);
  await commander.copyIn(await programFiles(), { signal });
  signal.throwIfAborted();

  const broken = new AbortController();
  const running = await commander.start(proberCommand(vantage, specs), { signal: broken.signal });
  const record = recorder(specs, options);
  const complaint = lastWords(running.stderr);
  const ready = Promise.withResolvers<void>();
  const prober = supervise(running, broken, history, { commander, vantage, record, ready, complaint });
  running.stdin.on('error', () => {});
  running.stdin.write(`${JSON.stringify(specs)}\n`);
  try {
    await within(ready.promise, AbortSignal.any([signal, AbortSignal.timeout(READY_WITHIN_MS)]));
  } catch (cause) {
    broken.abort();
    signal.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`the prober from ${vantage.name} did not start on ${commander.name}: ${reason}. ${complaint()}`, {
      cause,
    });
  }
  return prober;
}

interface Supervised {
  readonly commander: Commander;
  readonly vantage: Vantage;
  readonly record: Recorder;
  readonly ready: PromiseWithResolvers<void>;
  readonly complaint: () => string;
}

function supervise(running: Running, broken: AbortController, history: History, supervised: Supervised): Prober {
  const { commander, vantage, record, ready, complaint } = supervised;
  let alive = true;
  let heard = performance.now();
  let stopping: Promise<void> | undefined;
  const over = new AbortController();
  const warn = (text: string) =>
    history.append({ type: 'note', level: 'warning', text: `prober from ${vantage.name}: ${text}` });
  const reading = read(running.stdout, (line) => {
    heard = performance.now();
    if (line.type === 'ready') {
      history.append({ type: 'note', level: 'info', text: `prober from ${vantage.name}: ${line.scheduling}` });
      record.begin();
      ready.resolve();
    } else if (line.type === 'warning') warn(line.text);
    else record.line(line);
  }).catch((error: unknown) => void warn(`what it says cannot be read: ${String(error)}`));
  const ended = (async () => {
    const exitCode = await running.exited;
    await reading;
    alive = false;
    over.abort();
    ready.reject(new Error(`it ended with code ${exitCode}`));
    if (!stopping) warn(`ended by itself, with code ${exitCode}; its container may have died. ${complaint()}`);
    record.end();
  })();
  void untilDead(commander, () => performance.now() - heard, over.signal).then(() => broken.abort());
  const stop = async () => {
    running.stdin.end();
    const late = AbortSignal.timeout(STOP_WITHIN_MS);
    await within(ended, late).catch(() => {
      warn(`did not end within ${STOP_WITHIN_MS / 1000} s, its last samples are missing; is its container frozen?`);
      broken.abort();
    });
    await ended;
  };
  return {
    vantage,
    get alive() {
      return alive;
    },
    stop: () => (stopping ??= stop()),
    [Symbol.asyncDispose]: () => (stopping ??= stop()),
  };
}

interface Recorder {
  begin(): void;
  line(line: Exclude<Line, { type: 'ready' | 'warning' }>): void;
  end(): void;
}

function recorder(specs: readonly ProbeSpec[], { history, nodeOfMac }: ProberOptions): Recorder {
  const tallies = new Map<string, Tally>();
  return {
    begin() {
      for (const spec of specs) {
        history.append({ type: 'probe.begin', probe: describe(spec) });
        tallies.set(spec.name, createTally());
      }
    },
    line(line) {
      switch (line.type) {
        case 'samples':
          tallies.get(line.probe)?.add(line.rows);
          history.append(line);
          break;
        case 'arp':
          history.append({ ...line, node: nodeOfMac?.(line.senderMac) ?? null });
          break;
        case 'neighbour':
          history.append({ ...line, node: line.mac === null ? null : (nodeOfMac?.(line.mac) ?? null) });
          break;
        case 'stream':
          history.append(line);
          break;
        case 'end':
          break;
      }
    },
    end() {
      for (const [probe, tally] of tallies) {
        history.append({
          type: 'probe.end',
          probe,
          sent: tally.sent(),
          lateness: tally.lateness(),
          latency: tally.latency(),
        });
      }
      tallies.clear();
    },
  };
}

async function read(stdout: Readable, take: (line: Line) => void): Promise<void> {
  for await (const text of createInterface({ input: stdout })) {
    // A line that was cut off when the container died.
    if (!text.endsWith('}')) continue;
    take(JSON.parse(text) as Line);
  }
}
