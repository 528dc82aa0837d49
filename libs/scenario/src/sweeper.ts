/** Sweeps of a running cluster: who asks whom is found out while it is whole, and kept while a fault is in force. */
import { reachOf } from '@faultline/checker';
import type { Cluster } from '@faultline/cluster';
import { DeadlineError, done, notYet, waitFor, type Commander } from '@faultline/control';
import type { EventOf, History, ReachCell, ReachPath } from '@faultline/history';
import { Askers } from '@faultline/probe';
import { planSweep, type SweepMap } from '@faultline/probe/plan';
import type { Endpoint, Workload } from '@faultline/workload';

/** How long before a fault's time is over its sweep begins: 5 s where all is silent, and one to spare. */
export const SWEEP_MS = 6000;

const FOUND_WITHIN_MS = 30_000;
/** kube-proxy writes its rules at most once a second. */
const SERVED_WITHIN_MS = 10_000;

interface SweeperOptions {
  readonly cluster: Cluster;
  readonly workload: Workload;
  readonly history: History;
  readonly signal: AbortSignal;
}

export class Sweeper implements AsyncDisposable {
  readonly #options: SweeperOptions;
  readonly #askers: Askers;

  constructor(options: SweeperOptions) {
    this.#options = options;
    this.#askers = new Askers((name) => this.#sideOf(name), options.signal);
  }

  /**
   * Finds out which pods there are now and where, and makes what is asked. Before the first sweep, and whenever pods may
   * have been replaced.
   */
  async prepare(): Promise<void> {
    const { cluster, workload, signal } = this.#options;
    const endpoints = await everyPod(workload, signal);
    const asked = cluster.nodes.flatMap(({ name }) => podsOn(name, endpoints).at(-1) ?? []);
    const askable = await workload.askable(asked, { signal });
    await this.#askers.seat(planSweep(mapOf(cluster, endpoints, askable)));
    if (askable.services.length === 0) return;
    // kube-proxy needs a moment for a new Service.
    await this.#until(
      'every node knows the Services of the sweep',
      SERVED_WITHIN_MS,
      (path) => path === 'node-service',
    );
  }

  /** A k3s that ended while its node was struck is back some 20 s later, and only then may all be asked once more. */
  untilWhole(withinMs: number): Promise<void> {
    return this.#until('everyone reaches everyone again', withinMs, () => true);
  }

  /** @returns whether every cell is whole. */
  async sweep(when: EventOf<'sweep'>['when']): Promise<boolean> {
    const cells = await this.#askers.sweep({ when, history: this.#options.history });
    return cells.every(isWhole);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#askers[Symbol.asyncDispose]();
  }

  /** What never comes is no error here: the sweep that follows will say so. */
  async #until(what: string, withinMs: number, isAsked: (path: ReachPath) => boolean): Promise<void> {
    const { signal, history } = this.#options;
    await waitFor(
      what,
      async (until) => {
        const cells = await this.#askers.ask(({ path }) => isAsked(path), until);
        const missing = cells.filter((cell) => !isWhole(cell));
        return missing.length === 0
          ? done(undefined)
          : notYet(missing.map(({ path, from, to }) => `${path} ${from} → ${to}`).join(', '));
      },
      { signal, withinMs, everyMs: 200 },
    ).catch((error: unknown) => {
      if (!(error instanceof DeadlineError)) throw error;
      history.append({ type: 'note', level: 'warning', text: error.message });
    });
  }

  /** Asked anew each time: a node that was started again has another. */
  #sideOf(name: string): Commander {
    const node = this.#options.cluster.nodes.find((one) => one.name === name);
    if (!node) throw new Error(`${name} is swept, and is no node of the cluster`);
    return node.side;
  }
}

const isWhole = (cell: ReachCell): boolean => reachOf(cell) === 'whole';

/** A busy node may be too late to say what it runs; a matrix without it would look whole. */
function everyPod(workload: Workload, signal: AbortSignal): Promise<readonly Endpoint[]> {
  const { replicas } = workload.spec;
  return waitFor(
    'every pod is there to be swept',
    async (until) => {
      const found = await workload.endpoints({ signal: until });
      return found.length === replicas ? done(found) : notYet(`${found.length} of ${replicas} pods`);
    },
    { signal, withinMs: FOUND_WITHIN_MS, everyMs: 200 },
  );
}

const podsOn = (node: string, endpoints: readonly Endpoint[]): readonly Endpoint[] =>
  endpoints.filter((endpoint) => endpoint.node === node).toSorted((a, b) => a.pod.localeCompare(b.pod));

/** The first pod of a node asks, the last one is asked. */
function mapOf(
  { nodes }: Cluster,
  endpoints: readonly Endpoint[],
  { services, nodePort, dns }: Awaited<ReturnType<Workload['askable']>>,
): SweepMap {
  return {
    nodePort,
    ...(dns && { dns }),
    nodes: nodes.map(({ name, address }) => {
      const pods = podsOn(name, endpoints);
      const [asks] = pods;
      const asked = pods.at(-1);
      const service = services.find(({ node }) => node === name);
      return { name, address, ...(asks && { asks }), ...(asked && { asked }), ...(service && { service }) };
    }),
  };
}
