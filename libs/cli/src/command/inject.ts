/** `faultline inject <fault> --on <target>`: by hand, on a kept cluster; healed when its time is over, and by Ctrl-C. */
import { attach, machinesOf } from '@faultline/cluster';
import { elapse, engine } from '@faultline/control';
import { openSession } from '@faultline/fault';
import { faultKind, planFault, restartsNode } from '@faultline/fault/plan';
import { memoryHistory, type Stamped } from '@faultline/history';
import { isDuration, milliseconds } from '@faultline/scenario/plan';
import { needsOfFaults } from '../capability.ts';
import { EXIT, UsageError } from '../exit.ts';
import { theCluster } from '../kept.ts';
import { oneOf } from '../allowed.ts';
import { skipWhereLacking } from '../lacking.ts';
import { keyValues, text, type Given } from '../options.ts';
import { ownImageNames } from '../own-images.ts';

export async function execute([kind = '']: readonly string[], options: Given, signal: AbortSignal): Promise<number> {
  const duration = text(options['for']) ?? '30s';
  if (!isDuration(duration)) throw new UsageError(`--for "${duration}" is no duration. Allowed: 250ms, 30s, 2m`);
  const fault = planFault({
    id: 'by-hand',
    kind: faultKind(kind).name,
    parameters: keyValues('--set', options['set'], 'protocol=udp port=8472'),
    target: { select: 'announcer' },
    afterMs: 0,
    lastingMs: milliseconds(duration),
  });
  const docker = await engine();
  const found = await theCluster(docker, text(options['cluster']));
  using history = memoryHistory();
  history.subscribe((event) => say(event, Boolean(options['json'])));
  await using cluster = await attach(docker, found.run, { history, signal });
  const machines = machinesOf(cluster);
  const name = oneOf('node', text(options['on']) ?? '', ['announcer', ...machines.map((node) => node.name)]);
  const node =
    name === 'announcer' && cluster.virtualAddress
      ? await cluster.announcer(cluster.virtualAddress, { signal })
      : machines.find((one) => one.name === name);
  if (!node)
    throw new UsageError(
      'this cluster has no address that moves, so no announcer. Next: name a node, e.g. --on agent-1',
    );

  const { tools } = await ownImageNames();
  await skipWhereLacking(docker, cluster.plan.spec, { signal, tools, needs: needsOfFaults([fault]) });
  await using session = await openSession({ run: found.run, engine: docker, history, labels: {}, cluster, signal });
  const active = await session.inject(fault, [node], { signal });
  await elapse(fault.lastingMs, signal).catch(() => {});
  if (!signal.aborted) await active.prove({ signal });
  await active.heal();
  if (restartsNode(fault)) await cluster.revive(node.name, {});
  return signal.aborted ? EXIT.interrupted : 0;
}

function say(event: Stamped, json: boolean): void {
  if (json) return console.log(JSON.stringify(event));
  switch (event.type) {
    case 'fault.inject':
      if (event.edge === 'end') console.log(`${event.kind} in force on ${event.nodes.join(', ')}; Ctrl-C heals`);
      return;
    case 'fault.heal':
      if (event.edge === 'end') console.log(`healed on ${event.nodes.join(', ')}`);
      return;
    case 'fault.prove':
      return console.log(
        `${event.when}: ${event.state ? 'as it should be' : 'NOT as it should be'}, effect ${event.effect ?? 'not asked'}: ${event.detail}`,
      );
    case 'dataplane':
      return event.residue.forEach((line) => console.log(`left on ${event.node}: ${line}`));
    case 'note':
      return console.log(event.text);
    default:
      return;
  }
}
