/** `faultline compare-lb`: the same test for every load balancer, and one table of them. */
import { join, relative } from 'node:path';
import { combine } from '@faultline/checker';
import { engine } from '@faultline/control';
import { systemClock } from '@faultline/history';
import { renderComparisonSummary } from '@faultline/report';
import { chooseCell } from '@faultline/scenario/plan';
import { oneOf, wholeNumber } from '../allowed.ts';
import { EXIT, exitOf } from '../exit.ts';
import { timeName } from '../folder.ts';
import { announce, intend } from '../intent.ts';
import { MOST_REPEATS, seedOf, text, type Given } from '../options.ts';
import { conductSet, outcomeOf, type Set } from '../set.ts';
import { RUNS, scenarioNamed } from '../workspace.ts';
import { writeComparison } from './compare.ts';

/** The rows: what a command line would say for each. kube-vip is there twice, because its lease decides everything. */
const ROWS: Readonly<Record<string, Given>> = {
  'metallb-l2': { lb: 'metallb-l2' },
  'kube-vip-arp 15/10/2': { lb: 'kube-vip-arp', lbSet: ['timing=15/10/2'] },
  'kube-vip-arp 5/3/1': { lb: 'kube-vip-arp', lbSet: ['timing=5/3/1'] },
  keepalived: { lb: 'keepalived' },
  servicelb: { lb: 'servicelb' },
};

export async function execute(_: readonly string[], options: Given, signal: AbortSignal): Promise<number> {
  const scenario = await scenarioNamed(text(options['scenario']) ?? '');
  const count = wholeNumber('--repeat', text(options['repeat']) ?? '10', { min: 2, max: MOST_REPEATS });
  const only = Array.isArray(options['only']) ? options['only'].map(String) : Object.keys(ROWS);
  const rows = only.map((label) => ROWS[oneOf('row', label, Object.keys(ROWS))] ?? {});
  const seed = seedOf(options);
  const substrate = text(options['substrate']) === 'bare' ? 'bare' : 'k3s';
  const asked = rows.map((row): Given => ({ ...options, ...row, substrate }));
  // Refused before the first of them is booted, and not an hour later.
  for (const { lb } of asked) chooseCell(scenario, { substrate, loadBalancer: String(lb) as 'keepalived' });

  const docker = await engine();
  const sets: Set[] = [];
  for (const given of asked) {
    const intent = await intend(scenario, given, seed, docker, signal);
    announce(intent, seed);
    sets.push(await conductSet(intent, { count, capture: false, docker, options: given, signal }));
    if (signal.aborted) break;
  }
  const out = join(RUNS, 'compare-lb', timeName(systemClock.wall()));
  const verdicts = sets.map(({ verdict }) => verdict);
  await writeComparison(
    verdicts,
    sets.map(({ folder }) => folder),
    out,
  );
  if (options['json']) console.log(JSON.stringify({ folder: out, sets: verdicts }, null, 2));
  else
    console.log(
      `${renderComparisonSummary(verdicts)}\nreport  ${relative(process.cwd(), join(out, 'comparison.html'))}`,
    );
  if (signal.aborted) return EXIT.interrupted;
  return exitOf(combine(sets.map(outcomeOf)));
}
