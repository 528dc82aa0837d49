/** The first answer that a client on the LAN gets through the Ingress: what a deployment is for. */
import type { Client } from '@faultline/cluster';
import { done, notYet, waitFor, type Answer } from '@faultline/control';
import type { Entry } from './workload.ts';

/** Traefik on a fresh k3s has answered after 41 s on two cores; this is for hosts that are much slower. */
const WITHIN_MS = 180_000;

export async function firstAnswer(client: Client, entry: Entry, host: string, signal: AbortSignal): Promise<void> {
  const url = `http://${entry.address}:${entry.port}/users/1`;
  // Where nobody answers yet, packets are dropped as often as refused: a long wait would be time not asked in.
  const limits = ['--connect-timeout', '0.3', '--max-time', '2'];
  const say = ['--silent', '--show-error', '--output', '/dev/null', '--write-out', '%{http_code}'];
  const argv = ['curl', ...limits, ...say, '--header', `Host: ${host}`, url];
  await waitFor(
    `200 for ${url} with the host ${host}`,
    async (until): Promise<Answer<void>> => {
      const { stdout, stderr } = await client.exec(argv, { signal: until, accept: 'any', timeoutMs: 5_000 });
      return stdout === '200' ? done(undefined) : notYet(stderr.trim() || `status ${stdout}`);
    },
    { signal, withinMs: WITHIN_MS },
  );
}
