/** A packet capture of what the client and the address said to each other: another instrument, to check the first by. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Commander } from '@faultline/control';
import type { Entry } from '@faultline/workload';

/** Of each packet: all headers, and no more of anybody's data than that. */
const SNAPLEN = '128';

/** Captures into the file until disposed. @throws Error when the capture does not start. */
export async function captureEdge(
  client: Commander,
  { address, port }: Pick<Entry, 'address' | 'port'>,
  file: string,
  { signal }: { signal: AbortSignal },
): Promise<AsyncDisposable> {
  const filter = `arp or (host ${address} and tcp port ${port})`;
  const options = [
    '-i',
    'eth0',
    '-n',
    '-U',
    '--immediate-mode',
    '--time-stamp-precision=nano',
    '-s',
    SNAPLEN,
    '-w',
    '-',
  ];
  // tcpdump does not heed the end of its standard input: the shell does, and ends it.
  const script = 'tcpdump "$@" & dump=$!; cat >/dev/null; kill -INT $dump; wait $dump';
  const running = await client.start(['sh', '-c', script, 'sh', ...options, filter], { signal });
  const written = pipeline(running.stdout, createWriteStream(file)).catch(() => {});
  running.stderr.resume();
  return {
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]();
      await written;
    },
  };
}
