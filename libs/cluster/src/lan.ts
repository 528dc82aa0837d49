/**
 * The LAN of a run: a bridge of our own in 198.18.0.0/15, the benchmarking range, which no real LAN uses.
 *
 * Isolation is ours, not Docker's: no masquerading, and containers get an unreachable default route. Docker's
 * `--internal` would drop every unencapsulated pod packet where bridge-nf-call-iptables is 1 (measured).
 */
import type { Engine } from '@faultline/control';
import { addressIn, candidateSubnets } from './subnet.ts';

export { addressIn, candidateSubnets, macOf } from './subnet.ts';

export interface Lan {
  readonly id: string;
  readonly name: string;
  readonly subnet: string;
}

export interface LanOptions {
  readonly run: string;
  readonly labels: Readonly<Record<string, string>>;
  /** A given subnet is taken or refused; null: the first free one. */
  readonly subnet: string | null;
  /** Where the search begins, 0 to 511. */
  readonly start: number;
  readonly signal: AbortSignal;
}

export class SubnetBusyError extends Error {
  constructor(subnet: string, cause: unknown) {
    const next = 'Next: leave out --subnet, and a free one is picked';
    super(`the subnet ${subnet} is in use on this host. Allowed: a free /24 of 198.18.0.0/15.\n${next}`, { cause });
    this.name = 'SubnetBusyError';
  }
}

/**
 * Makes the network. Who removes it is `removeRun`, by its label.
 *
 * @throws SubnetBusyError when the wanted subnet, or every candidate, is in use.
 */
export async function createLan(engine: Engine, options: LanOptions): Promise<Lan> {
  const name = `faultline-${options.run}`;
  let busy: unknown;
  for (const subnet of options.subnet ? [options.subnet] : candidateSubnets(options.start)) {
    options.signal.throwIfAborted();
    try {
      const network = await engine.createNetwork({
        Name: name,
        CheckDuplicate: true,
        Driver: 'bridge',
        Labels: { ...options.labels },
        IPAM: { Driver: 'default', Config: [{ Subnet: subnet, Gateway: addressIn(subnet, 1) }] },
        Options: { 'com.docker.network.bridge.enable_ip_masquerade': 'false' },
      });
      return { id: network.id, name, subnet };
    } catch (error) {
      if (!isOverlap(error)) throw error;
      busy = error;
    }
  }
  throw new SubnetBusyError(options.subnet ?? '198.18.0.0/15', busy);
}

function isOverlap(error: unknown): boolean {
  return error instanceof Error && /overlaps|address already in use|conflicts/i.test(error.message);
}
