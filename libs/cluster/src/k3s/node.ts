/** The container of a k3s node: made, filled, and not started. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import { containerCommander, type FileToCopy } from '@faultline/control';
import { backends } from '../backend/index.ts';
import { createContainer, createVolume, reasonOf, type Container } from '../container.ts';
import { chartConfigOf } from '../controller/chart-config.ts';
import { k3sNodeImage, k3sRelease } from '../image/catalogue.ts';
import { isolated } from '../isolate.ts';
import { containerName, nodeContainer, type Site } from '../site.ts';
import type { ClusterPlan, NodePlan } from '../spec.ts';
import { containerdFiles, whereRestricted } from './containerd.ts';
import { API_PORT, CONFIG_FILE, configOf, k3sArguments, type FlagOptions } from './flags.ts';
import { kept } from './keeper.ts';
import { withServiceRoute } from './service-route.ts';

/** What all nodes of a cluster share. */
export interface Kit extends FlagOptions {
  readonly plan: ClusterPlan;
  readonly site: Site;
  readonly token: string;
  /** The volume with the images: see imageStore. */
  readonly store: string;
}

/**
 * What a node is beyond its container. Kept by name, so that the container may be replaced by one of another release:
 * the data, and the configuration with the password by which the node is known to the servers.
 *
 * The image declares volumes for the rest (kubelet, CNI, logs): they survive a kill and a start, and go with the container.
 */
const VOLUMES = { data: '/var/lib/rancher/k3s', etc: '/etc/rancher' } as const;

/** The name of the volume with a node's data. */
export const dataOf = (node: Pick<NodePlan, 'name'>, { run }: Pick<Site, 'run'>): string =>
  `${containerName(run, node.name)}-data`;

/** @param port of 127.0.0.1 that is to lead to the first server's API; a free one unless told. */
export async function makeNode(node: NodePlan, kit: Kit, port?: number): Promise<Container> {
  const { site, version } = kit;
  const common = nodeContainer(node, site);
  const volumes = await Promise.all(
    Object.entries(VOLUMES).map(async ([what, path]) => {
      const volume = await createVolume(site.engine, { name: `${common.name}-${what}`, labels: common.labels }, site);
      return [path, volume.name] as const;
    }),
  );
  const { containerd } = k3sRelease(version);
  const container = await createContainer(
    site.engine,
    {
      ...common,
      image: k3sNodeImage(version),
      privileged: true,
      entrypoint: isolated(withServiceRoute(whereRestricted(containerd, kept(['/bin/k3s'])))),
      cmd: k3sArguments(node, kit.plan, kit),
      tmpfs: { '/run': '', '/var/run': '' },
      volumes: Object.fromEntries(volumes),
      // A port of our choice and not of the engine's, which would pick another at each start of a killed server.
      ...(node.name === kit.plan.nodes[0]?.name && {
        ports: [{ container: API_PORT, host: port ?? (await freePort()) }],
      }),
    },
    site,
  );
  await containerCommander(site.engine, container.id, node.name).copyIn(filesOf(node, kit), site);
  return container;
}

function filesOf(node: NodePlan, { plan, version, token, subnet }: Kit): readonly FileToCopy[] {
  const chart = node.role === 'server' ? chartConfigOf(plan, subnet) : null;
  return [
    // JSON is YAML.
    { path: CONFIG_FILE, content: JSON.stringify(configOf(node, token)), mode: 0o600 },
    ...(chart ? [{ path: CHART_CONFIG_FILE, content: JSON.stringify(chart, null, 2) }] : []),
    ...containerdFiles(k3sRelease(version).containerd),
    ...backends[plan.spec.backend].nodeFiles,
  ];
}

/** A server applies what lies here. */
const CHART_CONFIG_FILE = `${VOLUMES.data}/server/manifests/faultline-traefik.yaml`;

/** Between here and the start somebody may take it; then the engine refuses to start the container, and says which port it is. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string')
    throw new Error(`no free port on 127.0.0.1: ${reasonOf(address)}`);
  return address.port;
}
