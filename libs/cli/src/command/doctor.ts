/** `faultline doctor [--heal]`: what this host can do, and what a dead run left behind. */
import { probeHost, removeDead, type Removed } from '@faultline/cluster';
import { engine, type Engine } from '@faultline/control';
import { healDead, ledgersOfTheDead } from '@faultline/fault';
import { ownImageNames } from '../own-images.ts';

export async function execute(
  _: readonly string[],
  options: { json?: unknown; heal?: unknown },
  signal: AbortSignal,
): Promise<number> {
  const docker = await engine();
  const heal = Boolean(options.heal);
  // Faults first: their undo may need the containers that are removed next.
  const ledgers = heal ? await healDead({ engine: docker, signal }) : await ledgersOfTheDead();
  const objects = heal ? await removeAllDead(docker, signal) : await removeDead(docker, { signal, dryRun: true });
  const host = heal ? [] : await probeHost(docker, { signal, tools: (await ownImageNames()).tools });
  if (options.json) {
    console.log(JSON.stringify({ host, ledgers, objects, healed: heal }, null, 2));
    return ledgers.every(({ ok }) => ok) ? 0 : 1;
  }
  for (const { name, present, how, skips } of host) {
    console.log(
      `${present ? 'yes' : 'no '}  ${name.padEnd(28)} ${how}${present || skips.length === 0 ? '' : `; skips ${skips.join(', ')}`}`,
    );
  }
  for (const { did } of ledgers) did.forEach((line) => console.log(line));
  for (const { kind, name, why } of objects)
    console.log(`${heal ? 'removed' : 'left behind'}: ${kind} ${name} (${why})`);
  if (ledgers.length + objects.length === 0) console.log('nothing of a dead run is left');
  else if (!heal) console.log('Next: faultline doctor --heal');
  return ledgers.every(({ ok }) => ok) ? 0 : 1;
}

/** Until there is nothing left: what the engine was still making when its harness died appears a moment later. */
async function removeAllDead(docker: Engine, signal: AbortSignal): Promise<readonly Removed[]> {
  const removed: Removed[] = [];
  for (let rounds = 0; rounds < 5; rounds++) {
    const more = await removeDead(docker, { signal });
    if (more.length === 0) break;
    removed.push(...more);
  }
  return removed;
}
