/**
 * A source port for each new connection, in turn.
 *
 * A node on the way remembers a connection that nobody answered for two minutes (conntrack, SYN_SENT), with the endpoint
 * that it was sent to. A client that takes the same port again is sent to that endpoint again, though it is long dead and
 * gone from the Service. The kernel draws ports at random: at 300 connections a second half of them would meet such a
 * memory, and the probe would measure its own rate. With ports in turn each sample is a client that was never seen before.
 *
 * Nor by the prober of the run before, on the same cluster: where its turn begins is told by the host's clock, which has gone on by as
 * many ports as were taken meanwhile. (Beginning at the first port, two runs after one that lost connections met its memory, at the same
 * samples each: seen.)
 */
import { now } from './schedule.ts';

/** 54,536 ports: at 300 a second none is taken again within 180 s. Below are ports that nodes and pods listen on. */
const FIRST = 11_000;
const LAST = 65_535;
const PORTS = LAST - FIRST + 1;
const A_SECOND = 300;

/** A port that somebody else has is passed over, and the one after it, but not for ever. */
const TRIES = 8;

interface Destination {
  readonly address: string;
  readonly port: number;
}

interface Ports {
  latest: number;
  /** Of connections that last: their turn may come round while they do. */
  readonly held: Set<number>;
}

/** By destination: to another address the same port is another connection. */
const taken = new Map<string, Ports>();

function portsTo({ address, port }: Destination): Ports {
  const key = `${address}:${port}`;
  const known = taken.get(key) ?? { latest: turnAt(now()), held: new Set() };
  taken.set(key, known);
  return known;
}

/** Whose turn it is at a time of the host's clock, nanoseconds. */
export const turnAt = (time: number): number => FIRST + (Math.floor((time / 1e9) * A_SECOND) % PORTS);

/** The source port whose turn it is. */
export function freshPort(destination: Destination): number {
  const ports = portsTo(destination);
  do ports.latest = ports.latest >= LAST ? FIRST : ports.latest + 1;
  while (ports.held.has(ports.latest));
  return ports.latest;
}

/** The port of a connection that is kept is nobody else's until it closes. */
export function holdPort(
  destination: Destination,
  port: number,
  socket: { once(event: 'close', listener: () => void): unknown },
): void {
  const { held } = portsTo(destination);
  held.add(port);
  socket.once('close', () => void held.delete(port));
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
  destination: Destination,
  open: (localPort: number) => Connecting,
  failed: (error: Error) => void,
): () => void {
  let current: Connecting;
  const attempt = (left: number): void => {
    current = open(freshPort(destination));
    current.on('error', (error) => {
      if (left > 0 && 'code' in error && error.code === 'EADDRINUSE') attempt(left - 1);
      else failed(error);
    });
  };
  attempt(TRIES);
  return () => void current.destroy();
}
