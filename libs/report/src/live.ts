/**
 * What a run is doing, while it does it: a reader of the history.
 *
 * On a terminal a list of phases that is redrawn, with a spark line for each probe; elsewhere (CI, a pipe) one plain line
 * for each thing that happened.
 */
import { SECOND, type History, type Nanoseconds, type RunEvent, type Stamped } from '@faultline/history';
import { createLogUpdate } from 'log-update';
import { fitted, oneLine } from './clean.ts';

export interface LiveOptions {
  readonly stream: NodeJS.WriteStream;
  /** Says nothing at all: for `--json`, whose readers want nothing else. */
  readonly quiet?: boolean;
  /** As the stream says unless told. */
  readonly isTty?: boolean;
}

/** Shows the run until it is disposed. */
export function liveView(history: History, options: LiveOptions): Disposable {
  const { stream, quiet = false, isTty = stream.isTTY && !process.env['CI'] } = options;
  if (quiet) return { [Symbol.dispose]: () => {} };
  return isTty ? redrawn(history, stream) : plain(history, stream);
}

/** One line an event; samples are too many to be news. */
export function plain(history: History, stream: Pick<NodeJS.WriteStream, 'write'>): Disposable {
  const start = history.clock.now();
  return history.subscribe((event) => {
    const line = lineOf(event);
    if (line !== undefined) stream.write(`${seconds(event.at - start).padStart(7)}  ${oneLine(line)}\n`);
  });
}

/** What an event is to somebody who watches; undefined: nothing. */
export function lineOf(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'phase':
      if (event.error !== undefined) return `${event.phase}: failed: ${event.error}`;
      return event.edge === 'begin' ? `${event.phase} ...` : undefined;
    case 'stage':
      return `  ${[event.name, event.node, event.detail].filter(Boolean).join(' ')}`;
    case 'steady':
      return `  ${event.ok ? 'steady' : 'not steady'} ${event.when === 'before' ? 'before the fault' : 'after healing'}: ${event.detail}`;
    case 'target':
      return `  ${nameOf(event)}target ${event.selector}: ${event.nodes.join(', ')} (${event.why})`;
    case 'fault.inject':
      return event.edge === 'end' ? `  ${nameOf(event)}${event.kind} in force on ${event.nodes.join(', ')}` : undefined;
    case 'fault.heal':
      return event.edge === 'end' ? `  ${nameOf(event)}${event.kind} healed on ${event.nodes.join(', ')}` : undefined;
    case 'fault.prove':
      return `  ${nameOf(event)}${event.when === 'injected' ? 'proof' : 'proof of healing'}: ${event.detail}`;
    case 'dataplane':
      return event.residue.length > 0 ? `  left on ${event.node}: ${event.residue.join('; ')}` : undefined;
    case 'golden': {
      const wrong = event.missing.length + event.extra.length;
      return wrong > 0
        ? `  ${event.node}: ${wrong} lines of its data plane are not as ${event.backend} makes them`
        : undefined;
    }
    case 'sweep': {
      const lost = event.cells.filter((cell) => cell.lost >= cell.asked).length;
      return `  sweep ${event.when} the fault: ${lost} of ${event.cells.length} cells lost`;
    }
    case 'note':
      return event.level === 'warning' ? `  note: ${event.text}` : undefined;
    case 'upgrade.step':
      return event.edge === 'begin' ? `  step ${event.step} ${event.detail ?? ''}`.trimEnd() : undefined;
    case 'upgrade.helm':
      return `  ${event.job} ${event.state}, ${event.attempts} attempts`;
    case 'replay.compared':
      return event.captured === event.now
        ? undefined
        : `  ${event.what}: ${event.captured}, now ${event.now ?? 'none'}`;
    case 'replay.asked':
      return `  ${event.route}: ${event.request}: ${event.status === 0 ? event.error : event.status}`;
    case 'upgrade.traefik':
    case 'upgrade.node':
    case 'upgrade.asked':
    case 'upgrade.service':
    case 'upgrade.predicted':
    case 'upgrade.routers':
    case 'fault.look':
    case 'cpu':
    case 'run.begin':
    case 'run.end':
    case 'probe.begin':
    case 'probe.end':
    case 'samples':
    case 'arp':
    case 'neighbour':
    case 'stream':
    case 'watch':
    case 'lan':
    case 'inventory':
      return undefined;
  }
}

/** The first fault is mostly the only one; others are named. */
const nameOf = ({ fault }: { readonly fault: string }): string => (fault === 'fault-0' ? '' : `${fault}: `);

/** Seconds of a probe that its spark line shows. */
const SPARK_SECONDS = 60;
const REDRAW_EVERY: Nanoseconds = SECOND / 5;
/** The happenings that stay in sight. */
const LINES = 8;

function redrawn(history: History, stream: NodeJS.WriteStream): Disposable {
  const screen = createLogUpdate(stream);
  const sparks = new Map<string, Spark>();
  const lines: string[] = [];
  const start = history.clock.now();
  let drawn = 0;
  const draw = (now: Nanoseconds): void => {
    drawn = now;
    const width = Math.max(0, ...[...sparks.keys()].map((name) => name.length));
    const probes = [...sparks].map(([name, spark]) => `  ${name.padEnd(width)}  ${spark.draw(now)}`);
    screen([...lines.slice(-LINES), ...probes].join('\n'));
  };
  const subscription = history.subscribe((event: Stamped) => {
    if (event.type === 'probe.begin') sparks.set(event.probe.name, new Spark());
    if (event.type === 'samples')
      for (const [, intended, , , result] of event.rows) sparks.get(event.probe)?.add(intended, result === 'ok');
    const line = lineOf(event);
    if (line !== undefined)
      lines.push(fitted(`${seconds(event.at - start).padStart(7)}  ${line}`, (stream.columns ?? 80) - 1).trimEnd());
    if (line !== undefined || event.at - drawn > REDRAW_EVERY) draw(event.at);
  });
  return {
    [Symbol.dispose]: () => {
      subscription[Symbol.dispose]();
      screen.clear();
    },
  };
}

/** Loss of one probe, second by second: `·` none, `▂▄▆` some, `█` all. */
export class Spark {
  readonly #seconds = new Map<number, { sent: number; lost: number }>();

  add(intended: Nanoseconds, isGood: boolean): void {
    const second = Math.floor(intended / SECOND);
    const bin = this.#seconds.get(second) ?? { sent: 0, lost: 0 };
    bin.sent++;
    if (!isGood) bin.lost++;
    this.#seconds.set(second, bin);
    this.#seconds.delete(second - 2 * SPARK_SECONDS);
  }

  draw(now: Nanoseconds): string {
    const last = Math.floor(now / SECOND);
    return Array.from({ length: SPARK_SECONDS }, (_, index) => {
      const bin = this.#seconds.get(last - SPARK_SECONDS + 1 + index);
      if (!bin) return ' ';
      if (bin.lost === 0) return '·';
      return bin.lost === bin.sent ? '█' : ('▂▄▆'[Math.floor((bin.lost / bin.sent) * 3)] ?? '▆');
    }).join('');
  }
}

const seconds = (duration: Nanoseconds): string => (duration / SECOND).toFixed(1);
