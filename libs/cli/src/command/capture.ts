/** `faultline capture`: a cluster as a bundle, which anybody can replay. It is only read; needs no Docker. */
import { stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { systemClock } from '@faultline/history';
import { readLive, Reader, readSupport, writeBundle, type Read } from '@faultline/incident';
import { bundleOfCluster, cellOf, disturbanceOf, type Bundle } from '@faultline/incident/plan';
import { cellName } from '@faultline/scenario/plan';
import { EXIT, UsageError } from '../exit.ts';
import { text, type Given } from '../options.ts';
import { commitOf } from '../provenance.ts';
import { scenarioNamed } from '../workspace.ts';

export async function execute(_: readonly string[], options: Given, signal: AbortSignal): Promise<number> {
  const out = await outOf(options);
  const fault = text(options['fault']);
  const disturbance = fault === undefined ? undefined : disturbanceOf(await scenarioNamed(fault));
  const support = text(options['support']);
  const { objects, notes } = await readFrom(support, options, signal);
  const bundle = bundleOfCluster(objects, {
    made: systemClock.wall(),
    by: await commitOf(signal),
    from: support === undefined ? 'cluster' : 'support',
    disturbance,
    notes,
  });
  // What cannot be asked of such a cluster is refused now, and not by whoever replays it.
  cellOf(bundle);
  await writeBundle(out, bundle);
  tell(bundle, out, options);
  return EXIT.pass;
}

async function outOf(options: Given): Promise<string> {
  const out = resolve(text(options['out']) ?? 'bundle.tgz');
  const there = await stat(out).catch(() => undefined);
  if (there) throw new UsageError(`--out ${out}: it is there already. Allowed: a file that is not`);
  return out;
}

async function readFrom(support: string | undefined, options: Given, signal: AbortSignal): Promise<Read> {
  const { namespace = [] } = options;
  const namespaces = Array.isArray(namespace) ? namespace.map(String) : [];
  const kubeconfig = text(options['kubeconfig']);
  const context = text(options['context']);
  if (support === undefined) return readLive(new Reader({ kubeconfig, context }), namespaces, signal);
  if (kubeconfig !== undefined || context !== undefined)
    throw new UsageError(
      '--support reads dumps, not a live cluster as well. Next: leave out --kubeconfig and --context',
    );
  return readSupport(resolve(support), namespaces, signal);
}

function tell(bundle: Bundle, out: string, options: Given): void {
  const { about, scenario, objects, events } = bundle;
  const path = relative(process.cwd(), out);
  if (options['json']) return console.log(JSON.stringify({ bundle: out, ...about, objects: objects.length }, null, 2));
  const { servers, agents } = scenario.topology;
  const left = about.leftOut.reduce((sum, { count }) => sum + count, 0);
  console.log(
    `${path}: ${servers} servers, ${agents} agents, ${cellName(cellOf(bundle))}, k3s ${about.k3s?.taken ?? '-'}`,
  );
  console.log(`  ${objects.length} objects, ${about.seen.length} things seen, ${events.length} Events`);
  for (const note of about.notes) console.log(`  not quite as it was: ${note}`);
  console.log(`  ${left} things were left out; README.md in the bundle says which`);
  console.log(`again   faultline replay ${path}`);
}
