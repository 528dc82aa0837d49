/**
 * The substrate k3s: nodes from `rancher/k3s`, each in a container.
 *
 * The first server is started alone. The others get their images meanwhile, and are started when it can take them in,
 * and not before: a k3s that is turned away asks again only after 5 to 10 s.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { containerCommander, done, notYet, onAll, waitFor } from '@faultline/control';
import type { Container } from '../container.ts';
import { airgapArchive, sharesOurFiles } from '../image/airgap.ts';
import { DEFAULT_K3S, k3sNodeImage, k3sRelease } from '../image/catalogue.ts';
import { resolveImages } from '../image/resolve.ts';
import type { ClusterNode } from '../cluster.ts';
import type { Booted, Site, Substrate } from '../site.ts';
import type { ClusterPlan } from '../spec.ts';
import type { Api } from './apply.ts';
import { whileTheyLive } from './death.ts';
import { API_PORT } from './flags.ts';
import { get } from './https.ts';
import { takeInventory } from './inventory.ts';
import { UP_FILE } from './keeper.ts';
import { credentialsOf, KUBECONFIG_IN_NODE, loadKubeconfig, withServer, writeKubeconfig } from './kubeconfig.ts';
import { installLoadBalancer, untilBackOn } from './load-balancer.ts';
import { dataOf, makeNode, type Kit } from './node.ts';
import { installCni } from './own-cni.ts';
import { allReady, NODES, readySince, type NodeState } from './ready.ts';
import { fillNode, imageStore } from './store.ts';
import { orderTraefik } from './traefik.ts';
import { watchUntil } from './watch.ts';
import { yieldAddress } from './yield.ts';

/** Seen on two cores: the API after 8 s, nodes Ready after 20 s, three servers with etcd after 44 s. */
const WITHIN = { api: 120_000, nodes: 240_000 } as const;

export const k3s: Substrate = {
  boot,

  async untilUp(node, cluster, { signal }) {
    const { State } = await cluster.engine.getContainer(node.container).inspect();
    const config = loadKubeconfig(await readFile(cluster.kubeconfig ?? '', 'utf8'));
    const options = { config, signal, withinMs: WITHIN.nodes };
    await watchUntil(`${node.name} is Ready again`, NODES, readySince(node.name, State.StartedAt), options);
    await untilBackOn(node.name, State.StartedAt, cluster.plan, options);
    await untilProxied(node, { ...(signal && { signal }), withinMs: WITHIN.nodes });
  },

  yieldAddress,
};

/** A node is Ready before its kube-proxy has written its rules: who compares the data plane then sees it half made (seen). */
async function untilProxied(
  { name, side }: Pick<ClusterNode, 'name' | 'side'>,
  options: { signal?: AbortSignal; withinMs: number },
): Promise<void> {
  const argv = ['curl', '--silent', '--show-error', '--fail', '--max-time', '2', PROXY_HEALTH];
  await waitFor(
    `kube-proxy of ${name} has written its rules`,
    async (signal) => {
      const { exitCode, stderr } = await side.exec([...argv, '--output', '/dev/null'], { signal, accept: 'any' });
      return exitCode === 0 ? done(undefined) : notYet(stderr.trim());
    },
    { ...options, everyMs: 250 },
  );
}

/** Where kube-proxy says whether it is in step with the Services. */
const PROXY_HEALTH = 'http://127.0.0.1:10256/healthz';

/** A node and its container; called as the node is. */
interface Made {
  readonly name: string;
  readonly container: string;
  readonly handle: Container;
}

async function boot(plan: ClusterPlan, site: Site): Promise<Booted> {
  const { history } = site;
  const kit = await kitOf(plan, site);
  const [first, ...others] = await onAll(plan.nodes, async (node): Promise<Made> => {
    const handle = await makeNode(node, kit);
    return { name: node.name, container: handle.id, handle };
  });
  if (!first) throw new Error('a plan without nodes');
  history.append({ type: 'stage', name: 'containers-made' });

  return whileTheyLive(site, [first, ...others], async (signal) => {
    const fill = ({ name }: Made) => fillNode({ name, data: dataOf({ name }, site) }, kit.store, { ...site, signal });
    await fill(first);
    await first.handle.start();
    history.append({ type: 'stage', name: 'server-started', node: first.name });
    const api = await both(openApi(first, { ...site, signal }), onAll(others, fill));
    const [states] = await Promise.all([
      installCni(first, plan, { ...site, signal }).then(() => untilReady(plan, api.config, { ...site, signal })),
      joinAll(others, { ...api, ...site, signal, token: kit.token }),
      orderTraefik(api.config, { history, signal, withinMs: WITHIN.nodes }),
      installLoadBalancer(plan, { ...api, history, signal, subnet: site.lan.subnet }),
    ]);
    history.append({ type: 'inventory', ...(await takeInventory(api.config)) });
    // From here on a k3s that dies is started again, and takes no node along.
    await onAll([first, ...others], ({ name, container }) =>
      containerCommander(site.engine, container, name).copyIn([{ path: UP_FILE, content: '' }], { signal }),
    );
    // Last: a boot that fails leaves no key to a cluster that is no more.
    const kubeconfig = join(site.folder, 'kubeconfig');
    await writeKubeconfig(kubeconfig, api.content);
    return {
      nodes: [first, ...others].map(({ name, container }) => ({ name, container })),
      kubeconfig,
      versions: versionsOf(states),
    };
  });
}

/** The first, when both are through: also where one fails, nothing of the other is still being made. */
async function both<T>(first: Promise<T>, second: Promise<unknown>): Promise<T> {
  await Promise.allSettled([first, second]);
  return (await Promise.all([first, second]))[0];
}

/** @param token of a cluster that is there already; another for each that is booted. */
export async function kitOf(
  plan: ClusterPlan,
  site: Site,
  token: string = randomBytes(24).toString('hex'),
): Promise<Kit> {
  const version = plan.spec.k3s ?? DEFAULT_K3S;
  k3sRelease(version);
  const { engine, signal } = site;
  const [ids, bound, info] = await Promise.all([
    resolveImages(engine, plan.images, { signal }),
    sharesOurFiles(engine),
    engine.info() as Promise<{ CgroupVersion?: string }>,
  ]);
  // Nodes have what runs in pods: not themselves, and not what stands beside them.
  const inPods = new Map([...ids].filter(([image]) => image !== k3sNodeImage(version) && image !== site.tools));
  const archive = () => airgapArchive(engine, inPods, { signal });
  const store = await imageStore({ site, version, ids: inPods, archive, bound });
  site.history.append({ type: 'stage', name: 'images', detail: store });
  return {
    plan,
    site,
    version,
    store,
    subnet: site.lan.subnet,
    token,
    // Engines older than 20.10 do not say it, and know the first version alone.
    cgroups: info.CgroupVersion === '2' ? 2 : 1,
  };
}

interface OpenApi extends Api {
  readonly config: KubeConfig;
  /** The kubeconfig, as it is to be written. */
  readonly content: string;
}

/** From a server that was just started to an API that answers, and the kubeconfig to use it with. */
async function openApi(server: Made, { engine, history, signal }: Site): Promise<OpenApi> {
  const url = `https://127.0.0.1:${await server.handle.publishedPort(API_PORT)}`;
  const options = { signal, withinMs: WITHIN.api };
  await answersOk(
    `the supervisor of ${server.name} answers`,
    (until) => get(`${url}/ping`, { signal: until }),
    options,
  );
  history.append({ type: 'stage', name: 'supervisor-answers', node: server.name });

  const node = containerCommander(engine, server.container, server.name);
  const content = await waitFor(
    `${server.name} wrote a kubeconfig`,
    async (until) => done(withServer((await node.exec(['cat', KUBECONFIG_IN_NODE], { signal: until })).stdout, url)),
    options,
  );
  const config = loadKubeconfig(content);
  const credentials = credentialsOf(config);
  await answersOk('the API is ready', (until) => get(`${url}/readyz`, { signal: until, credentials }), options);
  history.append({ type: 'stage', name: 'api-answers' });
  return { url, credentials, config, content };
}

async function answersOk(
  what: string,
  ask: (signal: AbortSignal) => Promise<{ status: number; body: string }>,
  options: { signal: AbortSignal; withinMs: number },
): Promise<void> {
  await waitFor(
    what,
    async (signal) => {
      const { status, body } = await ask(signal);
      return status === 200 ? done(undefined) : notYet(`${status} ${body.split('\n').findLast(Boolean) ?? ''}`);
    },
    options,
  );
}

/**
 * Starts the other nodes, all at once, when the supervisor gives out certificates: its own `readyz` says so, and asks
 * for the token as a node has it. It answers `/ping` seconds earlier, and turns nodes away that come then.
 */
async function joinAll(others: readonly Made[], options: OpenApi & Site & { token: string }): Promise<void> {
  const {
    url,
    credentials: { ca },
    token,
    history,
    signal,
  } = options;
  const ask = (until: AbortSignal) => get(`${url}/v1-k3s/readyz`, { signal: until, ca, auth: `node:${token}` });
  await answersOk('the supervisor takes nodes in', ask, { signal, withinMs: WITHIN.api });
  history.append({ type: 'stage', name: 'joinable' });
  await onAll(others, ({ handle }) => handle.start());
  history.append({ type: 'stage', name: 'containers-started' });
}

async function untilReady(
  { nodes }: ClusterPlan,
  config: KubeConfig,
  { history, signal }: Site,
): Promise<readonly NodeState[]> {
  const judge = allReady(
    nodes.map(({ name }) => name),
    (step, node) => {
      history.append({
        type: 'stage',
        name: `node-${step}`,
        node: node.name,
        ...(node.podSubnet && { detail: node.podSubnet }),
      });
    },
  );
  const states = await watchUntil('all nodes are Ready', NODES, judge, { config, signal, withinMs: WITHIN.nodes });
  history.append({ type: 'stage', name: 'nodes-ready' });
  return states;
}

function versionsOf([first]: readonly NodeState[]): Record<string, string> {
  return { k3s: first?.k3s ?? '', containerd: first?.runtime.replace(/^containerd:\/\//, '') ?? '' };
}
