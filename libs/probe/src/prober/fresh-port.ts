/**
 * A source port for each new connection, in turn.
 *
 * A node on the way remembers a connection that nobody answered for two minutes (conntrack, SYN_SENT), with the endpoint
 * that it was sent to. A client that takes the same port again is sent to that endpoint again, though it is long dead and
 * gone from the Service. The kernel draws ports at random: at 300 connections a second half of them would meet such a
 * memory, and the probe would measure its own rate. With ports in turn each sample is a client that was never seen before.
 */

/** 54,536 ports: at 300 a second none is taken again within 180 s. Below are ports that nodes and pods listen on. */
const FIRST = 11_000;
const LAST = 65_535;

/** Ports that the kernel has given to kept connections are passed over: there are a few, never as many in a row. */
const TRIES = 8;

/** By destination: to another address the same port is another connection. */
const latest = new Map<string, number>();

function next(destination: string): number {
  const before = latest.get(destination) ?? FIRST - 1;
  const port = before >= LAST ? FIRST : before + 1;
  latest.set(destination, port);
  return port;
}

interface Connecting {
  on(event: 'error', listener: (error: Error) => void): unknown;
  destroy(): unknown;
}

/**
 * Opens a connection from the next free port. What goes wrong is told to `failed`, but for a port that is taken: then
 * from the one after it.
 * @param open must bind to `localPort`, and tell nobody of its errors.
 * @returns what gives the attempt up.
 */
export function fromFreshPort(
  { address, port }: { readonly address: string; readonly port: number },
  open: (localPort: number) => Connecting,
  failed: (error: Error) => void,
): () => void {
  let current: Connecting;
  const attempt = (left: number): void => {
    current = open(next(`${address}:${port}`));
    current.on('error', (error) => {
      if (left > 0 && 'code' in error && error.code === 'EADDRINUSE') attempt(left - 1);
      else failed(error);
    });
  };
  attempt(TRIES);
  return () => void current.destroy();
}
