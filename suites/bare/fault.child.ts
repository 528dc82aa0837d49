/** A harness to be killed: opens a session, injects one fault on one node, says so, and waits for its end. */
import { engine } from '@faultline/control';
import { openSession } from '@faultline/fault';
import type { FaultPlan } from '@faultline/fault/plan';
import { memoryHistory } from '@faultline/history';
import { nodeOf, type NodeIds } from './fault.rig.ts';

export interface Orders {
  readonly run: string;
  readonly ledgerFolder: string;
  readonly node: NodeIds;
  readonly faults: readonly FaultPlan[];
}

const { run, ledgerFolder, node, faults } = JSON.parse(process.argv[2] ?? '') as Orders;
const { signal } = new AbortController();
const docker = await engine();
const session = await openSession({ run, engine: docker, history: memoryHistory(), ledgerFolder });
for (const fault of faults) await session.inject(fault, [nodeOf(docker, node)], { signal });
process.stdout.write('injected\n');
