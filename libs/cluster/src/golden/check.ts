/** Compares the data plane of every node with the golden one, and writes down what differs. */
import { DeadlineError, done, notYet, onAll, waitFor } from '@faultline/control';
import type { EventOf, History } from '@faultline/history';
import { vtepMac } from '../backend/vxlan.ts';
import type { Cluster, ClusterNode } from '../cluster.ts';
import { compareGolden, goldenOf, type Compared, type Golden, type NodeFacts } from './golden.ts';
import { READ_DATA_PLANE, readLines } from './read.ts';

/**
 * What Flannel repairs by itself is not broken. k3s has it look after its masquerade rules every 60 s and after its forward rules
 * every 50 s (k3s pkg/agent/flannel/flannel.go; Flannel's own default is 5 s), and after its routes every 10 s. At its start
 * Flannel empties each chain and fills it again; where that fails, as when somebody changes the same table in between, it only
 * logs "Failed to bootstrap IPTables", and the rules are missing until the next look (flannel pkg/trafficmngr/iptables/
 * iptables.go: setupAndEnsureIP4Tables): 50 s without FLANNEL-FWD after a boot (seen: longer than 15 s, on the server). The
 * longest period, and time to do it in.
 */
const WHOLE_WITHIN_MS = 65_000;

/** Some 0.1 s, seconds on a host that is booting a cluster. */
const READ_MS = 30_000;

type Checked = Pick<Cluster, 'plan' | 'nodes' | 'kubeconfig'>;

interface CheckOptions {
  readonly history: Pick<History, 'append'>;
  readonly signal: AbortSignal;
  readonly withinMs?: number;
}

const NOTHING: Golden = { required: [], allowed: [], fragile: [] };

interface OfNode extends Compared {
  readonly node: string;
}

/** Appends a `golden` for each node, when all are whole, or as they are when their time is over. */
export async function checkGolden(
  cluster: Checked,
  when: EventOf<'golden'>['when'],
  { history, signal, withinMs = WHOLE_WITHIN_MS }: CheckOptions,
): Promise<void> {
  const { backend } = cluster.plan.spec;
  if (backend === 'none') {
    const text =
      'the data plane is not compared: a CNI of your own programs it, and what it should be nobody here knows';
    history.append({ type: 'note', level: 'info', text });
    return;
  }
  const seen: (readonly OfNode[])[] = [];
  const compare = async (until: AbortSignal) => {
    const compared = await compareAll(cluster, until);
    seen.push(compared);
    return compared.every(isWhole) ? done(undefined) : notYet(describe(compared));
  };
  await waitFor('the data plane is what it should be', compare, { signal, withinMs, everyMs: 500 }).catch(
    (error: unknown) => {
      if (!(error instanceof DeadlineError) || seen.length === 0) throw error;
    },
  );
  const [first = [], last = []] = [seen[0], seen.at(-1)];
  if (!first.every(isWhole) && last.every(isWhole)) {
    history.append({
      type: 'note',
      level: 'info',
      text: `the data plane became whole by itself; at first ${describe(first)}`,
    });
  }
  for (const { lost, ...one } of last) {
    history.append({ type: 'golden', when, backend, ...one });
    if (lost.length > 0)
      history.append({ type: 'note', level: 'info', text: `${one.node} has lost ${lost.join(', ')}` });
  }
}

const isWhole = ({ missing, extra }: Pick<Compared, 'missing' | 'extra'>): boolean =>
  missing.length + extra.length === 0;

const describe = (compared: readonly OfNode[]): string =>
  compared
    .filter((one) => !isWhole(one))
    .map(({ node, missing, extra }) => {
      const lines = [...missing.map((line) => `- ${line}`), ...extra.map((line) => `+ ${line}`)];
      return `${node}: ${lines.join(', ')}`;
    })
    .join('; ');

async function compareAll(cluster: Checked, signal: AbortSignal): Promise<readonly OfNode[]> {
  const facts = await factsOf(cluster);
  return onAll(cluster.nodes, async (node): Promise<OfNode> => {
    const own = facts.find(({ name }) => name === node.name);
    const unknown = {
      node: node.name,
      checked: 1,
      missing: [`${node.name} as a node of Kubernetes`],
      extra: [],
      lost: [],
    };
    if (!own) return unknown;
    const golden = goldenOf(
      own,
      facts.filter((other) => other !== own),
      cluster.plan.spec,
    );
    const { stdout } = await node.side.exec(['sh', '-c', READ_DATA_PLANE], { signal, timeoutMs: READ_MS });
    return { node: node.name, ...compareGolden(golden ?? NOTHING, readLines(stdout)) };
  });
}

/** The Kubernetes client is big, and bare runs do without: it is loaded when it is needed. */
async function factsOf({ plan, nodes, kubeconfig }: Checked): Promise<readonly NodeFacts[]> {
  if (kubeconfig !== undefined) return (await import('./facts.ts')).factsOfKubernetes(kubeconfig);
  return nodes.map((node) => ofPlan(node, plan));
}

function ofPlan({ name, address }: Pick<ClusterNode, 'name' | 'address'>, { nodes }: Cluster['plan']): NodeFacts {
  const podSubnet = nodes.find((node) => node.name === name)?.podSubnet;
  if (!podSubnet) throw new Error(`${name} has no pod network in the plan`);
  return { name, address, podSubnet, vtepMac: vtepMac({ address }), publicKey: null, hasPods: true };
}
