/** What a sweep asks. Data: it is read by the sweep's program in the container. */
import type { ReachCell, ReachPath } from '@faultline/history';

/** One cell of the matrix, and how it is asked. */
export interface Ask {
  readonly path: ReachPath;
  readonly from: string;
  readonly to: string;
  readonly how: How;
}

export type How =
  /** GET /whoami of the app, on a new connection, padded to so many bytes. Good: this pod answers, with all of it. */
  | {
      readonly kind: 'whoami';
      readonly address: string;
      readonly port: number;
      readonly pod: string;
      readonly pad: number;
    }
  /** A TCP connection. Good: connected; who listens there says nothing of the client's address. */
  | { readonly kind: 'connect'; readonly address: string; readonly port: number }
  /** A datagram, and twice more while nothing comes, to an echo. Good: one came back. */
  | { readonly kind: 'echo'; readonly address: string; readonly port: number }
  /** One query over UDP for each name. Good: each has an address. */
  | { readonly kind: 'resolve'; readonly address: string; readonly names: readonly string[] };

/** What became of one cell. */
export type Told = Pick<ReachCell, 'asked' | 'lost' | 'sourceKept' | 'detail'>;

/** What a sweep's program reads: each is asked so often, every so many milliseconds, and waits as long for its answer. */
export interface Order {
  readonly asks: readonly Ask[];
  readonly times: number;
  readonly everyMs: number;
  readonly withinMs: number;
}
