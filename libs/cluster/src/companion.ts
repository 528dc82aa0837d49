/** The containers of ours beside the nodes: a side-car for each node, and the client. Both idle until something runs in them. */
import { containerCommander, type Commander, type Engine } from '@faultline/control';
import { runContainer, type Container } from './container.ts';
import { isolated } from './isolate.ts';
import { addressIn, macOf } from './lan.ts';
import { containerName, roleLabels, type Site } from './site.ts';

/** tini reaps what is left of a command whose connection broke; `sleep` is what it waits for. */
const IDLE = ['tini', '--', 'sleep', 'infinity'] as const;

/** Probes run in them. When the nodes fill the CPUs, a prober that has to wait measures itself. */
const PRECEDENCE = 64 * 1024;

type CompanionSite = Pick<Site, 'engine' | 'run' | 'labels' | 'tools' | 'signal'>;

/**
 * A privileged container in a node's network and PID namespaces, for what the node's image lacks.
 *
 * It is in the node's PID namespace, so it dies with the node: a node that was started again needs another.
 * @param node the name, and the engine's id of the node's running container.
 */
export function startSideCar(
  node: { readonly name: string; readonly container: string },
  site: CompanionSite,
): Promise<Container> {
  return runContainer(
    site.engine,
    {
      name: `${containerName(site.run, node.name)}-side`,
      image: site.tools,
      labels: roleLabels(site.labels, 'side-car', node.name),
      networkMode: `container:${node.container}`,
      pidMode: `container:${node.container}`,
      privileged: true,
      cpuShares: PRECEDENCE,
      entrypoint: [...IDLE],
      cmd: [],
    },
    site,
  );
}

/** The client on the LAN. SYS_NICE: the prober asks for real-time priority. */
export function startClient(host: number, site: CompanionSite & Pick<Site, 'lan'>): Promise<Container> {
  const address = addressIn(site.lan.subnet, host);
  return runContainer(
    site.engine,
    {
      name: containerName(site.run, 'client'),
      hostname: 'client',
      image: site.tools,
      labels: roleLabels(site.labels, 'client'),
      lan: { network: site.lan.name, address, mac: macOf(address) },
      capAdd: ['NET_ADMIN', 'NET_RAW', 'SYS_NICE'],
      cpuShares: PRECEDENCE,
      entrypoint: isolated(IDLE),
      cmd: [],
    },
    site,
  );
}

export function sideCommander(engine: Engine, id: string, node: string): Commander & { readonly container: string } {
  return { ...containerCommander(engine, id, `${node} (side-car)`), container: id };
}
