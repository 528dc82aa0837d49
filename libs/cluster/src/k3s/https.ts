/** One GET over TLS: to the supervisor and the API of k3s, before there is a kubeconfig for a client. */
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

export function get(
  url: string,
  { signal, ca, credentials, auth }: GetOptions,
): Promise<{ status: number; body: string }> {
  if (auth && !ca) throw new Error('a password is sent to a verified peer only');
  const tls = credentials ?? (ca ? { ca } : { rejectUnauthorized: false });
  return new Promise((resolve, reject) => {
    // No kept connection: each question sees the server as it is now.
    const asked = request(url, { ...tls, signal, agent: false, timeout: 2_000, ...(auth && { auth }) }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer within 2 s')));
    asked.on('error', reject);
    asked.end();
  });
}
