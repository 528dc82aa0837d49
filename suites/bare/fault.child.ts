/** A harness to be killed: opens a session, injects one fault on one node, says so, and waits for its end. */
import { containerCommander, engine } from '@faultline/control';
import { openSession } from '@faultline/fault';
import type { FaultPlan } from '@faultline/fault/plan';
import { memoryHistory } from '@faultline/history';
import { nodeOf, type NodeIds } from './fault.rig.ts';

export interface Orders {
  readonly run: string;
  readonly ledgerFolder: string;
  readonly node: NodeIds;
  /** The other one, which is left alone. */
  readonly peer: NodeIds;
  readonly client: { readonly address: string; readonly container: string };
  readonly virtualAddress: string;
  readonly faults: readonly FaultPlan[];
}

const orders = JSON.parse(process.argv[2] ?? '') as Orders;
const { run, ledgerFolder, virtualAddress, faults } = orders;
const { signal } = new AbortController();
const docker = await engine();
const node = nodeOf(docker, orders.node);
const client = { ...containerCommander(docker, orders.client.container, 'client'), ...orders.client };
const nodes = [node, nodeOf(docker, orders.peer)];
const cluster = { substrate: 'bare', nodes, balancers: [], client, virtualAddress } as const;
const session = await openSession({ run, engine: docker, history: memoryHistory(), ledgerFolder, cluster });
for (const fault of faults) await session.inject(fault, [node], { signal });
process.stdout.write('injected\n');
