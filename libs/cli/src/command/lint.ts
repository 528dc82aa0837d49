/** `faultline lint`: what an upgrade of k3s' Traefik breaks in manifests; needs no Docker, and no cluster unless asked. */
import { writeFile } from 'node:fs/promises';
import {
  asJson,
  asJunit,
  asSarif,
  asText,
  lint,
  mend,
  releaseOf,
  UnknownReleaseError,
  type Input,
  type Linted,
  type Release,
  type Report,
} from '@faultline/traefik';
import { oneOf } from '../allowed.ts';
import { EXIT, UsageError } from '../exit.ts';
import { readManifests, STDIN } from '../manifest-files.ts';
import { text, type Given } from '../options.ts';

/** Something could not be read, so that nothing is said of it: not the exit code of a clean bill. */
const UNREADABLE = 65;

const FORMATS = ['text', 'json', 'sarif', 'junit'] as const;

interface Asked {
  readonly inputs: readonly Input[];
  readonly from: Release;
  readonly to: Release;
}

export async function execute(paths: readonly string[], options: Given, signal: AbortSignal): Promise<number> {
  try {
    return await judge(paths, options, signal);
  } catch (error) {
    // By name: the Kubernetes client is big, and files do without.
    if (!(error instanceof Error && error.name === 'ClusterUnreadableError')) throw error;
    console.error(`faultline: ${error.message}`);
    return UNREADABLE;
  }
}

async function judge(paths: readonly string[], options: Given, signal: AbortSignal): Promise<number> {
  const format = options['json'] ? 'json' : oneOf('format', text(options['format']) ?? 'text', FORMATS);
  const asked = await askedFor(paths, options, signal);
  const judged = options['fix'] ? await fixed(asked) : asked;
  const linted = lint(judged.inputs, judged);
  const toStdout = !(options['fix'] && paths.includes(STDIN));
  const say = toStdout ? console.log : console.error;
  say(rendered(format, { linted, from: judged.from, to: judged.to }, judged.inputs));
  return exitOf(linted, Boolean(options['strict']));
}

async function askedFor(paths: readonly string[], options: Given, signal: AbortSignal): Promise<Asked> {
  const to = releaseGiven('--to', text(options['to']));
  if (!options['fromCluster']) {
    if (paths.length === 0)
      throw new UsageError('no manifests. Allowed: files, folders, - for standard input; or --from-cluster');
    const from = releaseGiven('--from', text(options['from']));
    return { inputs: await readManifests(paths, signal), from, to };
  }
  if (paths.length > 0)
    throw new UsageError('--from-cluster reads the cluster, not files as well. Next: one or the other');
  if (options['fix']) throw new UsageError('--fix writes files; a live cluster is only read. Next: leave out --fix');
  const { readCluster } = await import('../live-objects.ts');
  const { version, inputs } = await readCluster(text(options['kubeconfig']), signal);
  return { inputs, from: releaseGiven('--from', text(options['from']) ?? version), to };
}

function releaseGiven(option: string, given: string | undefined): Release {
  if (given === undefined) {
    throw new UsageError(`${option} is missing. Allowed: a k3s release, e.g. --from v1.32.1+k3s1 --to v1.33.3+k3s1`);
  }
  try {
    return releaseOf(given);
  } catch (error) {
    throw error instanceof UnknownReleaseError ? new UsageError(`${option}: ${error.message}`) : error;
  }
}

async function fixed({ inputs, from, to }: Asked): Promise<Asked> {
  const mended = mend(inputs, { from, to });
  let files = 0;
  for (const [index, { file, text: now }] of mended.entries()) {
    if (file === STDIN) process.stdout.write(now);
    if (now === inputs[index]?.text) continue;
    files++;
    if (file !== STDIN) await writeFile(file, now);
  }
  console.error(`${files} of ${inputs.length} files changed; what is left:`);
  return { inputs: mended, from, to };
}

function rendered(format: (typeof FORMATS)[number], report: Report, inputs: readonly Input[]): string {
  if (format === 'json') return asJson(report);
  if (format === 'sarif') return asSarif(report);
  return format === 'junit' ? asJunit(report, inputs) : asText(report, inputs);
}

function exitOf({ findings, unreadable }: Linted, isStrict: boolean): number {
  if (unreadable.length > 0) return UNREADABLE;
  return findings.some(({ severity }) => isStrict || severity === 'breaks') ? EXIT.fail : EXIT.pass;
}
