/** The rig on a running cluster. */
import type { Cluster } from '@faultline/cluster';
import { accepted, done, elapse, notYet, onAll, waitFor } from '@faultline/control';
import { findNetns } from '@faultline/workload';
import type { Answer, AskOptions, KubeObject, PodPlace, Rig, Where } from './rig.ts';
import { podObject, type PodStatus } from './rig-pod.ts';

export interface RigOptions {
  readonly app: string;
  readonly release: string;
  /** Of the namespace; one for each question. */
  readonly namespace: string;
  /** That no question before this one had: what held it may take half a minute to end. */
  readonly port: number;
  readonly signal: AbortSignal;
}

/** Namespaces have no namespace, and neither have these. */
const CLUSTER_WIDE = new Set(['Namespace', 'Node', 'IngressClass', 'ClusterRole', 'ClusterRoleBinding']);

export async function withRig<T>(cluster: Cluster, options: RigOptions, use: (rig: Rig) => Promise<T>): Promise<T> {
  await using undo = new AsyncDisposableStack();
  return await use(rigOf(cluster, options, undo));
}

function rigOf(cluster: Cluster, options: RigOptions, undo: AsyncDisposableStack): Rig {
  const { signal, namespace } = options;
  const server = cluster.nodes[0];
  if (!server) throw new Error('a cluster without nodes');
  let isNamespaceThere = false;
  const kube = (words: readonly string[], input?: string) =>
    server.exec(['kubectl', ...words], { signal, ...(input !== undefined && { input }) });
  const rig: Rig = {
    ...options,
    name: namespace,
    cluster,
    server,
    kubectl: async (...words) => (await kube(words)).stdout,
    async said(...words) {
      const { exitCode, stdout, stderr } = await server.exec(['kubectl', ...words], { signal, accept: 'any' });
      return { exitCode, text: `${stdout}${stderr}`.trim() };
    },
    list: async <R>(...words: readonly string[]) =>
      (JSON.parse(await rig.kubectl('get', ...words, '--output=json')) as { readonly items: readonly R[] }).items,
    async apply(...objects) {
      if (objects.length === 0) return;
      if (!isNamespaceThere) await makeNamespace(rig, undo);
      isNamespaceThere = true;
      const placed = objects.map((object) => inNamespace(object, namespace));
      // The namespace takes its own along; what lies elsewhere is removed by itself.
      const elsewhere = placed.filter(({ metadata }) => metadata['namespace'] !== namespace);
      const text = (of: readonly KubeObject[]) => of.map((object) => JSON.stringify(object)).join('\n');
      if (elsewhere.length > 0) {
        const away = ['kubectl', 'delete', '--ignore-not-found', '--wait=true', '-f', '-'];
        undo.defer(async () => void (await server.exec(away, { input: text(elsewhere), timeoutMs: 60_000 })));
      }
      await applied(rig, text(placed));
    },
    async pods(name, nodes, labels = {}) {
      const places = nodes.map((node) => podObject({ name, node, image: options.app, labels }));
      await rig.apply(...places);
      const names = new Set(places.map(({ metadata }) => metadata.name));
      return await podPlaces(rig, names, ['--namespace', namespace]);
    },
    places: (...which) => podPlaces(rig, undefined, which),
    node(name) {
      const found = cluster.nodes.find((node) => node.name === name);
      if (!found) throw new Error(`no node ${name} in this set-up`);
      return found;
    },
    asked: (url, how) => asked(rig, url, how),
    exec: (where, argv, input) => run(where, argv, signal, input),
    async resolved(where, name, type = 'A') {
      const text = await run(where, ['node', '-e', RESOLVE, name, type], signal);
      return JSON.parse(text) as readonly string[];
    },
    until: (what, withinMs, ask, isSo) =>
      waitFor(
        what,
        async () => {
          const saw = await ask();
          return isSo(saw) ? done(saw) : notYet(typeof saw === 'string' ? saw : JSON.stringify(saw));
        },
        { signal, withinMs, everyMs: 300 },
      ),
    watch: (ms) => elapse(ms, signal),
    defer: (act) => undo.defer(async () => void (await act())),
  };
  return rig;
}

async function makeNamespace({ server, namespace, signal }: Rig, undo: AsyncDisposableStack): Promise<void> {
  // Not waited for: pods take their time to end, and the next question has a namespace of its own.
  const away = ['kubectl', 'delete', 'namespace', namespace, '--ignore-not-found', '--wait=false'];
  undo.defer(async () => void (await server.exec(away, { timeoutMs: 60_000 })));
  await server.exec(['kubectl', 'create', 'namespace', namespace], { signal });
}

/** A namespace has its service account a moment later than itself, and without that no pod is taken. */
async function applied({ server, signal, until }: Rig, input: string): Promise<void> {
  const argv = ['kubectl', 'apply', '-f', '-'];
  const ask = () => server.exec(argv, { signal, input, accept: 'any' });
  const isTooEarly = (said: string) => /serviceaccount "default" not found/.test(said);
  const output = await until('it is applied', 10_000, ask, ({ stderr }) => !isTooEarly(stderr));
  accepted(server.name, argv, output);
}

function inNamespace(object: KubeObject, namespace: string): KubeObject {
  if (CLUSTER_WIDE.has(object.kind) || object.metadata['namespace'] !== undefined) return object;
  return { ...object, metadata: { ...object.metadata, namespace } };
}

async function podPlaces(
  rig: Rig,
  names: ReadonlySet<string> | undefined,
  which: readonly string[],
): Promise<readonly PodPlace[]> {
  const all = () => rig.list<PodStatus>('pods', ...which);
  const mine = (pods: readonly PodStatus[]) => pods.filter(({ metadata }) => names?.has(metadata.name) ?? true);
  const isReady = ({ status }: PodStatus) =>
    status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
  const ready = await rig.until('the pods are ready', 90_000, all, (pods) => {
    const those = mine(pods);
    return those.length >= (names?.size ?? 1) && those.every(isReady);
  });
  return await onAll(
    mine(ready).map((pod) => ({ name: pod.metadata.name, pod })),
    ({ pod }) => placeOf(rig, pod),
  );
}

async function placeOf(rig: Rig, { metadata, spec, status }: PodStatus): Promise<PodPlace> {
  const node = rig.node(spec.nodeName);
  const { name, uid } = metadata;
  const address = status.podIP ?? '';
  const netns = await findNetns(node, { pod: name, uid, address }, rig.signal);
  return { name, node: node.name, address, where: { at: node.side, netns } };
}

async function run(where: Where, argv: readonly string[], signal: AbortSignal, input?: string): Promise<string> {
  const inside = where.netns === undefined ? argv : ['nsenter', `--net=/proc/1/root${where.netns}`, '--', ...argv];
  return (await where.at.exec(inside, { signal, ...(input !== undefined && { input }) })).stdout;
}

/** curl's `%{json}` would say more than anyone asks; the headers and three words are enough. */
async function asked(rig: Rig, url: string, options: AskOptions = {}): Promise<Answer> {
  const { from = rig.cluster.client, headers = {}, within = 2, curl = [] } = options;
  const where: Where = 'at' in from ? from : { at: from };
  const words = Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
  const end = '\n%{http_code} %{time_total}';
  const argv = [
    'curl',
    '--silent',
    '--include',
    '--max-time',
    String(within),
    '--write-out',
    end,
    ...words,
    ...curl,
    url,
  ];
  const inside = where.netns === undefined ? argv : ['nsenter', `--net=/proc/1/root${where.netns}`, '--', ...argv];
  const { stdout } = await where.at.exec(inside, {
    signal: rig.signal,
    accept: 'any',
    timeoutMs: (within + 10) * 1000,
  });
  return answerOf(stdout);
}

export function answerOf(text: string): Answer {
  const cut = text.lastIndexOf('\n');
  const [status = '000', seconds = '0'] = text.slice(cut + 1).split(' ');
  const [head = '', ...rest] = text.slice(0, cut).split(/\r?\n\r?\n/);
  const headers = head
    .split(/\r?\n/)
    .slice(1)
    .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()] as const);
  return { status, body: rest.join('\n\n'), headers: Object.fromEntries(headers), seconds: Number(seconds) };
}

/** Asks the cluster's DNS, whatever resolv.conf of the side-car says. */
const RESOLVE = `const dns = require('node:dns/promises');
const [name, type] = process.argv.slice(1);
const resolver = new dns.Resolver({ timeout: 1500, tries: 2 });
resolver.setServers([process.env.CLUSTER_DNS ?? '10.43.0.10']);
resolver.resolve(name, type).then((found) => found.map((one) => typeof one === 'string' ? one : JSON.stringify(one)),
  (error) => ['!' + error.code]).then((all) => console.log(JSON.stringify(all.sort())));`;
