/**
 * Two nodes and a client on a LAN of their own, as small as they can be: no overlay, no ingress, a side-car each.
 *
 * Faults are tested on these and not on a booted cluster, for what a fault does must not be mixed up with what a
 * cluster does about it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { containerCommander, engine, LABEL, labelsOf, onAll, thisProcess, type Engine } from '@faultline/control';
import type { Client, ClusterNode } from '@faultline/cluster';
import { addressIn, candidateSubnets, macOf, toolsImage } from '@faultline/cluster/plan';
import type { FaultPlan } from '@faultline/fault/plan';
import { systemClock } from '@faultline/history';
import type { Orders } from './fault.child.ts';

export interface Rig extends AsyncDisposable {
  readonly engine: Engine;
  readonly run: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly nodes: readonly [ClusterNode, ClusterNode];
  readonly balancers: readonly ClusterNode[];
  readonly client: Client;
  readonly substrate: 'bare';
  /** Nobody holds it: faults may. */
  readonly virtualAddress: string;
}

export async function openRig(run: string): Promise<Rig> {
  const docker = await engine();
  const labels = labelsOf(run, thisProcess(), { expires: Date.parse('2100-01-01') });
  await using undo = new AsyncDisposableStack();
  const lan = await network(docker, run, labels);
  undo.defer(() => docker.getNetwork(lan.id).remove());
  undo.defer(() => removeContainers(docker, run));
  const address = (host: number) => addressIn(lan.subnet, host);
  const place = (host: number, CapAdd: string[] = []) => ({
    HostConfig: { NetworkMode: lan.id, CapAdd },
    MacAddress: macOf(address(host)),
    NetworkingConfig: { EndpointsConfig: { [lan.id]: { IPAMConfig: { IPv4Address: address(host) } } } },
  });
  const start = async (name: string, more: object) => {
    const Labels = { ...labels, [LABEL.node]: name };
    const container = await docker.createContainer({
      name: `faultline-${run}-${name}`,
      Image: toolsImage(),
      Labels,
      ...more,
    });
    await container.start();
    return container.id;
  };
  const node = async (index: number): Promise<ClusterNode> => {
    const name = `agent-${index}`;
    const container = await start(name, {
      Entrypoint: ['tini', '--', 'sleep', 'infinity'],
      ...place(10 + index, ['NET_ADMIN']),
    });
    const shared = `container:${container}`;
    const side = await start(`${name}-side`, {
      Entrypoint: ['tini', '--', 'sleep', 'infinity'],
      HostConfig: { NetworkMode: shared, PidMode: shared, Privileged: true },
    });
    return nodeOf(docker, { name, address: address(10 + index), container, side });
  };
  const nodes = await onAll(
    [
      { name: 'first', index: 0 },
      { name: 'second', index: 1 },
    ],
    ({ index }) => node(index),
  );
  const clientId = await start('client', { Entrypoint: ['tini', '--', 'sleep', 'infinity'], ...place(100) });
  const held = undo.move();
  return {
    engine: docker,
    run,
    labels,
    nodes: nodes as unknown as [ClusterNode, ClusterNode],
    balancers: [],
    substrate: 'bare',
    virtualAddress: address(200),
    client: { ...containerCommander(docker, clientId, 'client'), address: address(100), container: clientId },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** A fault for the first node, unless told. */
export const planOf = (
  kind: string,
  parameters: FaultPlan['parameters'] = {},
  more: Partial<FaultPlan> = {},
): FaultPlan => ({
  id: 'fault-0',
  kind,
  parameters,
  target: { select: 'agent', index: 0 },
  afterMs: 0,
  lastingMs: 60_000,
  ...more,
});

/** A harness of its own, with its faults in force on the first node. */
export async function harnessOf(rig: Rig, ledgerFolder: string, faults: readonly FaultPlan[]): Promise<ChildProcess> {
  const idsOf = ({ name, address, container, side }: ClusterNode) => ({
    name,
    address,
    container,
    side: side.container,
  });
  const [node, peer] = rig.nodes;
  const orders: Orders = {
    run: rig.run,
    ledgerFolder,
    faults,
    node: idsOf(node),
    peer: idsOf(peer),
    virtualAddress: rig.virtualAddress,
    client: { address: rig.client.address, container: rig.client.container },
  };
  const program = fileURLToPath(new URL('fault.child.ts', import.meta.url));
  const child = spawn(process.execPath, [program, JSON.stringify(orders)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = once(child.stdout, 'data', { signal: AbortSignal.timeout(30_000) });
  const [first] = await Promise.race([said, once(child, 'exit')]);
  if (String(first) !== 'injected\n') throw new Error(`the harness did not inject: ${String(first)}`);
  return child;
}

/** @returns when, on the clock that all containers share. */
export async function killed(child: ChildProcess): Promise<number> {
  const at = systemClock.now();
  child.kill('SIGKILL');
  await once(child, 'exit');
  return at;
}

export interface NodeIds {
  readonly name: string;
  readonly address: string;
  readonly container: string;
  readonly side: string;
}

export function nodeOf(docker: Engine, { name, address, container, side }: NodeIds): ClusterNode {
  return {
    ...containerCommander(docker, container, name),
    role: 'agent',
    address,
    mac: macOf(address),
    interface: 'eth0',
    container,
    side: { ...containerCommander(docker, side, `${name} (side-car)`), container: side },
  };
}

async function network(
  docker: Engine,
  run: string,
  labels: Readonly<Record<string, string>>,
): Promise<{ id: string; subnet: string }> {
  let busy: unknown;
  for (const subnet of candidateSubnets(process.pid % 512)) {
    try {
      const IPAM = { Config: [{ Subnet: subnet }] };
      const { id } = await docker.createNetwork({ Name: `faultline-${run}`, Labels: { ...labels }, IPAM });
      return { id, subnet };
    } catch (error) {
      busy = error;
    }
  }
  throw busy;
}

async function removeContainers(docker: Engine, run: string): Promise<void> {
  const all = await docker.listContainers({ all: true, filters: { label: [`${LABEL.run}=${run}`] } });
  for (const { Id } of all)
    await docker
      .getContainer(Id)
      .remove({ force: true, v: true })
      .catch(() => {});
}
