/**
 * Keeps one long-lived response being read: a connection that ends, is never answered, or stays silent for too long is
 * followed by another.
 */
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import type { EventOf, SampleClass } from '@faultline/history';
import type { ProbeSpec } from '../spec.ts';
import { classOfAnswer, classOfError } from './classify.ts';
import { freshPort, holdPort } from './fresh-port.ts';
import type { Report } from './report.ts';
import { now } from './schedule.ts';

export type StreamSpec = Extract<ProbeSpec, { kind: 'stream' }>;

type What = EventOf<'stream'>['what'];

export interface Listener {
  line(answeredBy: string | null): void;
  /** The connection has ended, or there is none to be had. `wasAlive`: it was open, and had not been given up. */
  ended(result: SampleClass, wasAlive: boolean): void;
}

export interface Reader {
  /** Since the last line or, before there was one, since the beginning. */
  silentMs(): number;
  close(): void;
}

/**
 * From the beginning of an attempt to that of the next, also where it is not answered: the kernel would send a lost SYN again
 * after 1 s, and then after 3.
 */
const AGAIN_AFTER_MS = 250;
const LOOK_EVERY_MS = 25;
const NEW_LINE = 0x0a;
const GOOD = [200];

interface Connection {
  /** When it was answered; a new one is not to pay for the silence of the one before. */
  opened: number;
  readonly get: ClientRequest;
  /** Undefined until it is answered. */
  answeredBy: string | null | undefined;
}

/** Only a connection that was open has events: attempts that fail are told by the samples. */
export function keepReading(spec: StreamSpec, report: Report, listener: Listener): Reader {
  let heard = now();
  let begun = -Infinity;
  let connections = 0;
  let current: Connection | undefined;
  const since = (time: number) => (now() - time) / 1e6;
  const say = (what: What, detail: string) =>
    report.say({ type: 'stream', probe: spec.name, time: now(), connection: connections, what, detail });

  const end = (one: Connection, result: SampleClass, what: What) => {
    if (current !== one) return;
    current = undefined;
    one.get.destroy();
    const wasOpen = one.answeredBy !== undefined;
    if (wasOpen) say(what, `silent for ${(since(heard) / 1000).toFixed(1)} s, ${servedBy(one.answeredBy)}`);
    listener.ended(result, wasOpen && what !== 'abandoned');
    look();
  };
  const begin = () => {
    begun = now();
    const get = open(spec);
    const one: Connection = { opened: begun, get, answeredBy: undefined };
    current = one;
    get.on('error', (error) => end(one, classOfError(error), 'reset'));
    get.once('response', (response) => {
      const { result, answeredBy } = outcomeOf(response);
      response.on('error', (error) => end(one, classOfError(error), 'reset'));
      if (result !== 'ok') return end(one, result, 'closed');
      one.answeredBy = answeredBy;
      one.opened = now();
      connections++;
      say('opened', servedBy(answeredBy));
      // To its reader, a response that never ends and does so has broken off, however politely.
      response.once('end', () => end(one, 'reset', 'closed'));
      response.on('data', (piece: Buffer) => {
        if (current !== one || !piece.includes(NEW_LINE)) return;
        heard = now();
        listener.line(answeredBy);
      });
    });
  };
  const look = () => {
    if (current?.answeredBy === undefined) {
      if (since(begun) < AGAIN_AFTER_MS) return;
      if (current) end(current, 'timeout', 'abandoned');
      else begin();
    } else if (since(Math.max(heard, current.opened)) >= spec.patienceMs) end(current, 'timeout', 'abandoned');
  };
  begin();
  const looking = setInterval(look, LOOK_EVERY_MS);
  return {
    silentMs: () => since(heard),
    close() {
      clearInterval(looking);
      const last = current;
      current = undefined;
      last?.get.destroy();
    },
  };
}

function open(spec: StreamSpec): ClientRequest {
  const headers = { host: spec.host, 'user-agent': 'faultline-probe' };
  const localPort = freshPort(spec);
  const get = request({ host: spec.address, port: spec.port, path: spec.path, agent: false, headers, localPort });
  get.once('socket', (socket) => holdPort(spec, localPort, socket));
  return get.end();
}

function outcomeOf(response: IncomingMessage): { result: SampleClass; answeredBy: string | null } {
  const header = response.headers['x-answered-by'];
  const answeredBy = Array.isArray(header) ? header[0] : header;
  return classOfAnswer({ status: response.statusCode ?? 0, contentType: undefined, answeredBy, body: '' }, GOOD);
}

const servedBy = (answeredBy: string | null | undefined): string =>
  answeredBy ? `served by ${answeredBy}` : 'who served it is not known';
