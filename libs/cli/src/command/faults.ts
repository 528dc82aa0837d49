/** `faultline faults [name]`: what can be broken, within which bounds, who undoes it, and whether this host can do it. */
import { lackingFeatures, type HostFinding } from '@faultline/cluster';
import { engine } from '@faultline/control';
import { allowedValues, FAULT_KINDS, faultKind, type FaultKind } from '@faultline/fault/plan';
import { alwaysLacking, hostFeaturesOf, undoneBy } from '../capability.ts';
import { twoColumns } from '../columns.ts';
import type { Given } from '../options.ts';
import { ownImageNames } from '../own-images.ts';

export async function execute([name]: readonly string[], options: Given, signal: AbortSignal): Promise<number> {
  const kinds = name === undefined ? FAULT_KINDS : [faultKind(name)];
  const host = options['host'] === false ? 'not asked' : await askHost(kinds, signal);
  if (options['json']) {
    console.log(
      JSON.stringify(
        kinds.map((kind) => ({ ...kind, undoneBy: undoneBy(kind), here: here(kind, host) })),
        null,
        2,
      ),
    );
    return 0;
  }
  for (const kind of kinds) console.log(`${described(kind, here(kind, host))}\n`);
  console.log(
    `${kinds.length} kinds. Next: faultline inject <fault> --on <target> --set <parameter=value>, on a kept cluster`,
  );
  return 0;
}

/** What this host lacks; or why nobody knows. */
type Host = readonly HostFinding[] | string;

async function askHost(kinds: readonly FaultKind[], signal: AbortSignal): Promise<Host> {
  const features = [...new Set(kinds.flatMap(({ capability }) => hostFeaturesOf(capability)))];
  try {
    return await lackingFeatures(await engine(), features, { signal, tools: (await ownImageNames()).tools });
  } catch (error) {
    signal.throwIfAborted();
    return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? 'it does not say why';
  }
}

/** e.g. `nft.owner: yes`, `netem: no (tc qdisc add ..: No such file)`, `kubernetes: on k3s`. */
function here({ capability }: FaultKind, host: Host): string {
  if (capability === null) return 'nothing';
  const never = alwaysLacking(capability);
  if (never !== undefined) return `${capability}: no (${never})`;
  const features = hostFeaturesOf(capability);
  if (features.length === 0) return `${capability}: depends on the cell`;
  if (typeof host === 'string') return `${capability}: not known (${host})`;
  const missing = host.filter(({ name }) => features.includes(name));
  return `${capability}: ${missing.length === 0 ? 'yes' : `no (${missing.map(({ how }) => how).join(', ')})`}`;
}

function described(kind: FaultKind, needs: string): string {
  const parameters = Object.entries(kind.parameters).map(([name, parameter]) => {
    const usual = parameter.default === undefined ? 'must be given' : `${String(parameter.default)} unless told`;
    return [name, `${parameter.sentence}: ${allowedValues(parameter)}; ${usual}`];
  });
  const rows = [
    ...parameters,
    ['breaks', kind.breaks],
    ['needs', needs],
    ['undone by', undoneBy(kind)],
    ['seen in', kind.issue],
  ];
  const width = Math.max(...rows.map(([name = '']) => name.length));
  return [
    kind.name,
    twoColumns('', kind.sentence, { width: 0, indent: 0 }),
    ...rows.map(([name = '', text = '']) => twoColumns(name, text, { width, indent: 4 })),
  ].join('\n');
}
