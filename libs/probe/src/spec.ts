/** What to observe, from where, how often. Data: it is stored in the run's plan and read by the prober in the container. */
import type { Layer } from '@faultline/history';

interface Common {
  /** Unique in the run. */
  readonly name: string;
  /** Samples a second, on an absolute schedule: 1 to 500. */
  readonly rateHz: number;
  /** Per sample, in milliseconds; 250 unless there is a reason. */
  readonly timeoutMs: number;
  /** Names for the report. */
  readonly from: string;
  readonly to: string;
}

export type ProbeSpec = Common &
  (
    | { readonly kind: 'icmp'; readonly address: string }
    | { readonly kind: 'tcp'; readonly address: string; readonly port: number }
    /** One GET per sample, on a new connection (http-new) or on kept ones (http-kept). Good: 200 and the expected body. */
    | {
        readonly kind: 'http-new' | 'http-kept';
        readonly address: string;
        readonly port: number;
        readonly host: string;
        readonly path: string;
        /** The layer it is drawn in: `http`, `pod` (pod to pod) or `control` (the API's /readyz). */
        readonly layer: Layer;
        readonly tls?: boolean;
        /** Status codes that are good; [200] unless told (the API without a token answers 401: it answers). */
        readonly good?: readonly number[];
      }
    /** One datagram per sample, from a new socket, to an echo: good when it comes back. What follows it says who answered. */
    | { readonly kind: 'udp'; readonly address: string; readonly port: number }
    /**
     * One long-lived response (`/stream`: a line every 100 ms) that a client only reads. A sample is good when the silence
     * that it falls into, from line to line, is no longer than its timeout. `stream` events say what became of the
     * connection; after `patienceMs` of silence it is abandoned (a black hole) and another is opened, as after a reset.
     */
    | {
        readonly kind: 'stream';
        readonly address: string;
        readonly port: number;
        readonly host: string;
        readonly path: string;
        readonly patienceMs: number;
      }
    /**
     * Active who-has for the address, whose answers, and every other ARP packet of the LAN, are captured (`arp` events too).
     * The client's own neighbour entry for the address is followed (`neighbour` events).
     */
    | { readonly kind: 'arp'; readonly address: string; readonly interface: string }
  );

/** Where a prober runs: in the client container, or inside the network namespace of a pod, from its node's side-car. */
export interface Vantage {
  readonly name: string;
  /** Path of the network namespace to enter, as the commander sees it; undefined: where the commander is. */
  readonly netns?: string;
  /**
   * Samples leave within some microseconds of their time, instead of a millisecond: the prober is awake from 2 ms before.
   * For latencies, which are told from the intended time; an outage's arithmetic gains nothing, and it costs a fifth of a
   * core at 200 samples a second.
   */
  readonly punctual?: boolean;
}
