/**
 * A node of another release in place of one that runs. What it keeps is in its volumes: the data of k3s, and its password
 * and token. Its containerd begins anew, with the images of the release: no container of the old one is left to go on with,
 * and a containerd does not read the database of a newer one.
 */
import type { Cluster, ClusterNode } from '../cluster.ts';
import { removeContainer, type Container } from '../container.ts';
import type { Site } from '../site.ts';
import type { ClusterPlan } from '../spec.ts';
import { kitOf } from './boot.ts';
import { API_PORT, CONFIG_FILE } from './flags.ts';
import { dataOf, makeNode, type Kit } from './node.ts';
import { fillNode } from './store.ts';

/** The keeper gives k3s its time, and everything else 10 s; then the engine kills. */
const STOP_SECONDS = 40;

export interface Replacement {
  /** The release that nodes get, `v1.33.3+k3s1`. */
  readonly release: string;
  /**
   * Stops a node, as a machine is shut down, and puts a container of the release in its place: on the same volumes, at the
   * same address, with the same name and token. Its pods go down with it, and come back when it is up. Returns then.
   * @throws Error, DeadlineError
   */
  replace(name: string, options: { readonly signal: AbortSignal }): Promise<ClusterNode>;
}

export async function replacementOn(cluster: Cluster, plan: ClusterPlan, site: Site): Promise<Replacement> {
  const [first] = cluster.nodes;
  if (!first) throw new Error('a cluster without nodes');
  const kit = await kitOf(plan, site, await tokenOf(first, site.signal));
  return {
    release: kit.version,
    async replace(name, { signal }) {
      const node = cluster.nodes.find((one) => one.name === name);
      if (!node) throw new Error(`no node ${name}. Nodes: ${cluster.nodes.map((one) => one.name).join(', ')}`);
      const container = await swap(node, { ...kit, site: { ...site, signal } });
      return cluster.revive(name, { signal, container: container.id });
    },
  };
}

/** As it was written when the cluster was made: JSON, which is YAML too. */
async function tokenOf(node: ClusterNode, signal: AbortSignal): Promise<string> {
  const { stdout } = await node.exec(['cat', CONFIG_FILE], { signal });
  const { token } = JSON.parse(stdout) as { token?: string };
  if (!token) throw new Error(`${node.name}: ${CONFIG_FILE} holds no token`);
  return token;
}

/** Its undo is that of the cluster: everything that is made has its labels. */
export async function swap(node: ClusterNode, kit: Kit): Promise<Container> {
  const { site, plan } = kit;
  const planned = plan.nodes.find(({ name }) => name === node.name);
  if (!planned) throw new Error(`the plan has no node ${node.name}`);
  const port = await publishedPort(node, site);
  await site.engine.getContainer(node.container).stop({ t: STOP_SECONDS });
  site.history.append({ type: 'stage', name: 'node-stopped', node: node.name });
  // By name and address there is only one: the old one goes before the new one comes.
  await removeContainer(site.engine, node.side.container);
  await removeContainer(site.engine, node.container);
  await fillNode({ name: node.name, data: dataOf(node, site) }, kit.store, site);
  const container = await makeNode(planned, kit, port);
  await container.start();
  site.history.append({ type: 'stage', name: 'node-replaced', node: node.name, detail: kit.version });
  return container;
}

/** Of the first server: kubeconfigs name it, and stay true. */
async function publishedPort(node: ClusterNode, { engine }: Site): Promise<number | undefined> {
  const { NetworkSettings } = await engine.getContainer(node.container).inspect();
  const port = NetworkSettings.Ports[`${API_PORT}/tcp`]?.[0]?.HostPort;
  return port === undefined ? undefined : Number(port);
}
