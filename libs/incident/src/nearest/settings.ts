/** How the load balancer was set, as far as a replay can set it: kube-vip's leases decide how long a failover takes. Pure. */
import { loadBalancers, type LoadBalancerName, type Settings } from '@faultline/cluster/plan';
import type { RawObject } from '../collect/object.ts';

/** Environment of kube-vip that is read; of its values only numbers and switches, and of any other workload none. */
const TIMES = ['vip_leaseduration', 'vip_renewdeadline', 'vip_retryperiod'] as const;
const ELECTION = 'svc_election';
/** Where nobody says otherwise: cmd/kube-vip.go of v1.2.3. */
const DEFAULTS = ['15', '10', '2'];

export function settingsOf(name: LoadBalancerName, all: readonly RawObject[], notes: string[]): Settings {
  if (name !== 'kube-vip-arp') return {};
  const told = environmentOf(all);
  const timing = TIMES.map((key, index) => told.get(key) ?? DEFAULTS[index]).join('/');
  const known = loadBalancers[name].settings['timing'];
  const isKnown = known?.type === 'choice' && known.of.includes(timing);
  if (!isKnown) notes.push(`kube-vip with leases of ${timing} s: ${String(known?.default)} here`);
  return { ...(isKnown && { timing }), ...(told.get(ELECTION) === 'true' && { servicesElection: true }) };
}

interface Spec {
  readonly template?: {
    readonly spec?: {
      readonly containers?: readonly { readonly env?: readonly { readonly name: string; readonly value?: string }[] }[];
    };
  };
}

function environmentOf(all: readonly RawObject[]): ReadonlyMap<string, string> {
  const daemons = all.filter(({ kind, metadata }) => kind === 'DaemonSet' && metadata.name.startsWith('kube-vip'));
  const env = daemons.flatMap(({ spec }) => ((spec ?? {}) as Spec).template?.spec?.containers ?? []);
  return new Map(
    env
      .flatMap(({ env: words = [] }) => words)
      .filter(({ name, value = '' }) => [...TIMES, ELECTION].includes(name) && /^(?:\d{1,4}|true|false)$/.test(value))
      .map(({ name, value = '' }) => [name, value]),
  );
}
