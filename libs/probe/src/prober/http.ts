/**
 * One GET per sample, on a new connection or on kept ones.
 *
 * Kept: a request takes a connection that is free, or opens another, so a stuck one never holds up the next. A request
 * that timed out takes its connection with it, as HTTP clients do.
 */
import { Agent, request, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import type { ProbeSpec } from '../spec.ts';
import { attempt, type Finish, type Probe, type Settle } from './attempt.ts';
import { classOfAnswer, classOfError } from './classify.ts';
import { freshPort, fromFreshPort, holdPort } from './fresh-port.ts';

type HttpSpec = Extract<ProbeSpec, { kind: 'http-new' | 'http-kept' }>;

const KEPT = { keepAlive: true, maxFreeSockets: 8, scheduling: 'fifo' } as const;

/** More of a body than this is read, but not looked at. */
const LOOKED_AT = 65_536;

export function httpProbe(spec: HttpSpec, settle: Settle): Probe {
  const kept = spec.kind === 'http-kept';
  const pool = poolFor(spec);
  const options: RequestOptions & { rejectUnauthorized: boolean } = {
    host: spec.address,
    port: spec.port,
    path: spec.path,
    agent: kept ? pool : false,
    headers: { host: spec.host, 'user-agent': 'faultline-probe' },
    // The probe asks whether the address answers; it was given no authority that could vouch for a certificate.
    rejectUnauthorized: false,
  };
  const open: (options: RequestOptions) => ClientRequest = spec.tls ? tlsRequest : request;
  return {
    send(sample) {
      const finish = attempt(sample, spec.timeoutMs, settle, () => giveUp());
      const get = (localPort?: number): ClientRequest => {
        const asked = open(localPort === undefined ? options : { ...options, localPort });
        asked.once('response', (response) => read(response, spec.good ?? [200], finish));
        return asked.end();
      };
      const failed = (error: Error) => finish(classOfError(error));
      const giveUp = kept ? fromPool(get(), failed) : fromFreshPort(spec, get, failed);
    },
    close: () => pool.destroy(),
  };
}

/** Connections that it opens come from ports of their own: after an outage it opens as many as there are requests. */
function poolFor(spec: HttpSpec): Agent {
  const pool = spec.tls ? new TlsAgent(KEPT) : new Agent(KEPT);
  const open = pool.createConnection.bind(pool);
  pool.createConnection = (options, callback) => {
    const localPort = freshPort(spec);
    const socket = open({ ...options, localPort }, callback);
    if (socket) holdPort(spec, localPort, socket);
    return socket;
  };
  return pool;
}

/** The pool has opened its connection. */
function fromPool(get: ClientRequest, failed: (error: Error) => void): () => void {
  get.on('error', failed);
  return () => void get.destroy();
}

function read(response: IncomingMessage, good: readonly number[], finish: Finish): void {
  let body = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    if (body.length < LOOKED_AT) body += chunk;
  });
  response.on('error', (error) => finish(classOfError(error)));
  response.once('end', () => {
    const header = response.headers['x-answered-by'];
    const { result, answeredBy } = classOfAnswer(
      {
        status: response.statusCode ?? 0,
        contentType: response.headers['content-type'],
        answeredBy: Array.isArray(header) ? header[0] : header,
        body,
      },
      good,
    );
    finish(result, answeredBy);
  });
}
