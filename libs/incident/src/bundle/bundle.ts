/**
 * An incident, as data: what of it can be run again anywhere, and what was seen of it. One tar.gz holds it:
 *
 *     bundle.json             what this is, how it was made, what was seen, what was left out
 *     scenario.json           the scenario: cluster, traffic, faults (none: the cluster alone is the incident)
 *     objects/<nn>-<name>.yaml   the objects of the cluster, without secrets, one a file, in the order of applying
 *     events.json             recent Events, as far as their words are known to be harmless
 *     README.md               for people: what was left out, and the command that replays it
 */
import type { Settings } from '@faultline/cluster/plan';
import type { Outcome } from '@faultline/checker';
import type { ExpectInput, FaultInput, ScenarioCell, ScenarioInput } from '@faultline/scenario/plan';
import type { KubeObject } from '@faultline/traefik';

/** Raise it when the shape changes, and add to `upgrades` in files.ts what turns a bundle of the old version into the next one's. */
export const BUNDLE_VERSION = 1;

export interface Bundle {
  readonly about: About;
  readonly scenario: BundledScenario;
  /** In the order of applying. Their images are gone: `withStandIns` puts userlist in their place. */
  readonly objects: readonly KubeObject[];
  readonly events: readonly SeenEvent[];
}

/** The matrix that has this cell, and no other. */
export const matrixOf = (cell: ScenarioCell): ScenarioInput['matrix'] => ({
  substrate: [cell.substrate],
  backend: [cell.backend],
  loadBalancer: [cell.loadBalancer],
  controller: [cell.controller],
  trafficPolicy: [cell.trafficPolicy],
});

/** As a scenario file writes it, with one value for each factor; without faults where none was asked for. */
export interface BundledScenario extends Omit<ScenarioInput, 'faults' | 'expect'> {
  readonly faults: readonly FaultInput[];
  /** Empty where there is no fault. */
  readonly expect: readonly ExpectInput[];
}

export interface About {
  readonly version: typeof BUNDLE_VERSION;
  /** Wall time, ISO 8601. */
  readonly made: string;
  /** The Faultline that made it. */
  readonly by: { readonly commit: string | null; readonly dirty: boolean };
  /** `cluster`: read from a live one. `support`: from dumps of one. `run`: a run of Faultline that failed. */
  readonly from: 'cluster' | 'support' | 'run';
  /** The release that was there, and the nearest that Faultline can boot: `v1.33.3+k3s1`. Null on bare. */
  readonly k3s: { readonly seen: string | null; readonly taken: string } | null;
  /** Of the load balancer. */
  readonly settings: Settings;
  /** Of the plan; null: any. */
  readonly seed: number | null;
  /** What the run came to; null where it was no run. */
  readonly ran: Ran | null;
  /** Called as they are called in a replay. Empty for a run. */
  readonly nodes: readonly SeenNode[];
  /** What is to be seen again. Empty for a run. */
  readonly seen: readonly Seen[];
  readonly leftOut: readonly LeftOut[];
  /** Where the replay is not quite what was there: "2 servers: 3 here, because ...". */
  readonly notes: readonly string[];
}

/** A run's verdict, as far as a replay is held against it. */
export interface Ran {
  readonly outcome: Outcome;
  readonly reason: string;
  /** Names of the checks that did not pass. */
  readonly failing: readonly string[];
}

export interface SeenNode {
  /** `server-0`, `agent-1`. */
  readonly name: string;
  readonly role: 'server' | 'agent';
  /** Its address in the subnet of bundles (`198.18.0.0/24`): a replay has another subnet with the same last octets. */
  readonly address: string;
  readonly release: string;
  readonly ready: boolean;
  /** What k3s was told there, as far as the flags are known and hold no secret: `--flannel-backend=host-gw`. */
  readonly flags: readonly string[];
  /** Those that some object selects by. */
  readonly labels: Readonly<Record<string, string>>;
  /** `key=value:NoSchedule`. */
  readonly taints: readonly string[];
}

/** One thing that was seen of the cluster, in words that do not depend on which cluster it is. */
export interface Seen {
  /** Unique in a bundle: `Endpoints shop/web`. */
  readonly what: string;
  /** `2 of 3 ready`. */
  readonly saw: string;
}

export interface SeenEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  /** `Pod shop/web`: pods are called by their workload, nodes as in the replay. */
  readonly about: string;
  readonly count: number;
  /** Wall time, ISO 8601; null where the cluster did not say. */
  readonly last: string | null;
  /** Null: its words are not known to be harmless, and were dropped. */
  readonly message: string | null;
}

export interface LeftOut {
  /** What: `env`, `annotation example.com/token`, `Secret`. Never its value. */
  readonly what: string;
  readonly why: string;
  /** Where, at most the first ten: `Deployment shop/web`. */
  readonly where: readonly string[];
  readonly count: number;
}
