/** One request over TLS: to the supervisor and the API of k3s, before there is a kubeconfig for a client. */
import { request } from 'node:https';

export interface Credentials {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface GetOptions {
  readonly signal: AbortSignal;
  /** Without an authority the peer is not verified: nothing secret is sent then, and the answer is believed in nothing but that it came. */
  readonly ca?: string;
  readonly credentials?: Credentials;
  /** `user:password`. */
  readonly auth?: string;
}

export interface Reply {
  readonly status: number;
  readonly body: string;
}

export const get = (url: string, options: GetOptions): Promise<Reply> => send(url, { ...options, withinMs: 2_000 });

export interface PatchOptions {
  readonly signal: AbortSignal;
  readonly credentials: Credentials;
  readonly type: string;
  readonly body: string;
}

/** Webhooks are asked on the way, and have 10 s for their answer. */
export const patch = (url: string, { type, ...options }: PatchOptions): Promise<Reply> =>
  send(url, { ...options, method: 'PATCH', headers: { 'content-type': type }, withinMs: 15_000 });

interface SendOptions extends GetOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly withinMs: number;
}

function send(url: string, { ca, credentials, auth, withinMs, body, ...options }: SendOptions): Promise<Reply> {
  if (auth && !ca) throw new Error('a password is sent to a verified peer only');
  const tls = credentials ?? (ca ? { ca } : { rejectUnauthorized: false });
  // No kept connection: each question sees the server as it is now.
  const how = { ...options, ...tls, agent: false, timeout: withinMs, ...(auth && { auth }) };
  return new Promise((resolve, reject) => {
    const asked = request(url, how, (response) => {
      let answer = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (answer += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: answer }));
      response.on('error', reject);
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer within ${withinMs / 1000} s`)));
    asked.on('error', reject);
    asked.end(body);
  });
}
