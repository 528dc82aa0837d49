/** `faultline claims [A56..]`: what is said about k3s networking, and what is so. Only `--run` of a cluster needs Docker. */
import { join } from 'node:path';
import {
  askWithoutCluster,
  CLAIMS,
  keepLab,
  keepResults,
  keepRun,
  readKept,
  readResults,
  SET_UPS,
  verdictOf,
  type Claim,
  type Result,
  type SetUpName,
} from '@faultline/claims';
import { oneOf } from '../allowed.ts';
import { askLab, askSetUps, type Part } from '../claims-on-cluster.ts';
import { twoColumns } from '../columns.ts';
import { EXIT, UsageError } from '../exit.ts';
import { text, type Given } from '../options.ts';
import { ROOT } from '../workspace.ts';

const DOCS = join(ROOT, 'docs');
const GROUPS = ['pure', 'quick', 'all'] as const;

export async function execute(names: readonly string[], options: Given, signal: AbortSignal): Promise<number> {
  if (options['run'] && options['list']) throw new UsageError('--run or --list, not both. Next: leave one of them out');
  if (options['lab'] !== undefined) return await lab(options, signal);
  const claims = chosen(names, options);
  const isRun = Boolean(options['run']);
  if (isRun) await ask(claims, options, signal);
  const results = await readResults(DOCS);
  if (options['json'])
    console.log(
      JSON.stringify(
        claims.map((claim) => asData(claim, results)),
        null,
        2,
      ),
    );
  else print(claims, results, names.length > 0);
  if (!isRun) return EXIT.pass;
  const isTold = claims.every((claim) => claim.how === 'open' || verdictOf(claim, results).name !== undefined);
  return isTold ? EXIT.pass : EXIT.inconclusive;
}

/** The lab of the userlist page: booted, done step by step, kept, and gone again. */
async function lab(options: Given, signal: AbortSignal): Promise<number> {
  const nodes = oneOf('number of nodes', text(options['lab']) ?? '', ['1', '3']);
  const result = await askLab(Number(nodes) - 1, options, signal);
  await keepLab(DOCS, result);
  if (options['json']) console.log(JSON.stringify(result, null, 2));
  const good = result.steps.filter(({ holds }) => holds).length;
  console.log(`${good} of ${result.steps.length} steps as the lab says. Next: docs/claims.md, “The lab”`);
  return good === result.steps.length ? EXIT.pass : EXIT.fail;
}

/** `A56..` is from A56 on, `A56..A60` as it reads. */
function chosen(names: readonly string[], options: Given): readonly Claim[] {
  const ids: readonly string[] = CLAIMS.map(({ id }) => id);
  const place = (name: string) => ids.indexOf(oneOf('claim', spelt(name), ids));
  const spans = names.map((name) => {
    const [first = '', last] = name.split('..', 2);
    return [place(first), last === undefined ? place(first) : last === '' ? ids.length : place(last)] as const;
  });
  const group = oneOf('group', text(options['group']) ?? 'all', GROUPS);
  const setUp = text(options['setUp']);
  const wanted = setUp === undefined ? undefined : oneOf('set-up', setUp, Object.keys(SET_UPS) as SetUpName[]);
  const found = CLAIMS.filter(
    (claim, index) =>
      (names.length === 0 || spans.some(([from, to]) => index >= from && index <= to)) &&
      isIn(group, claim) &&
      (wanted === undefined || placesOf(claim).includes(wanted)),
  );
  if (found.length > 0) return found;
  throw new UsageError('no claim is left. Allowed: claims whose set-up is in the group. Next: faultline claims --list');
}

/** `a96B` is A96b. */
const spelt = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).toLowerCase();

const placesOf = (claim: Claim): readonly SetUpName[] =>
  claim.how === 'untestable' || claim.how === 'open' ? [claim.setUp] : [claim.setUp, claim.twin.setUp];

function isIn(group: (typeof GROUPS)[number], claim: Claim): boolean {
  if (group === 'pure') return claim.how === 'pure' || claim.how === 'measured';
  return group === 'all' || placesOf(claim).every((setUp) => SET_UPS[setUp].quick);
}

async function ask(claims: readonly Claim[], options: Given, signal: AbortSignal): Promise<void> {
  await keepResults(DOCS, await askWithoutCluster(claims, await readKept(DOCS)));
  const parts: readonly Part[] = claims.flatMap((claim) =>
    claim.how === 'cluster' ? [...new Set(placesOf(claim))].map((setUp) => ({ claim, setUp })) : [],
  );
  const only = text(options['setUp']);
  const wanted = parts.filter(({ setUp }) => only === undefined || setUp === only);
  const keep = (results: readonly Result[]) => keepResults(DOCS, results);
  if (wanted.length > 0) await askSetUps(wanted, options, signal, keep, (time) => keepRun(DOCS, time));
}

function print(claims: readonly Claim[], results: readonly Result[], isDetailed: boolean): void {
  for (const claim of claims) {
    const { words, shown } = verdictOf(claim, results);
    console.log(
      twoColumns(claim.id, `${claim.sentence} ${words.toUpperCase().slice(0, 1)}${words.slice(1)}.`, COLUMNS),
    );
    if (!isDetailed) continue;
    for (const { release, check, twin } of shown) {
      for (const result of [check, twin]) {
        if (result)
          console.log(twoColumns('', `${result.part} on ${release}: ${result.holds}; ${result.saw}`, COLUMNS));
      }
    }
  }
  const told = claims.filter((claim) => verdictOf(claim, results).name !== undefined).length;
  console.log(
    `\n${told} of ${claims.length} with a verdict. Next: faultline claims A22 --run; the page: docs/claims.md`,
  );
}

const COLUMNS = { width: 5, indent: 0 };

const asData = (claim: Claim, results: readonly Result[]) => {
  const { name, words, shown } = verdictOf(claim, results);
  const { id, sentence, stands, predicted, setUp } = claim;
  return { id, sentence, stands, predicted, setUp, verdict: name ?? null, words, shown };
};
