/** Several upgrades of one kind, each on a cluster of its own: what was lost in each, by cause. Pure. */
import { markdown } from '@faultline/report';
import type { UpgradeOutcome, UpgradeVerdict } from './verdict.ts';
import { secondsOf } from './words.ts';

export const UPGRADES_VERSION = 1;

/** `upgrades.json`. */
export interface Upgrades {
  readonly version: number;
  readonly from: string;
  readonly to: string;
  /** How Traefik was laid out. */
  readonly controller: string;
  readonly command: string;
  readonly runs: readonly UpgradeOfSet[];
  readonly causes: readonly CauseOfSet[];
}

export interface UpgradeOfSet {
  readonly folder: string;
  readonly outcome: UpgradeOutcome;
  readonly reason: string;
  readonly sent: number;
  readonly lost: number;
  /** From the first node's stop to the last node's return, seconds; null: one did not come back. */
  readonly tookS: number | null;
}

export interface CauseOfSet {
  readonly cause: string;
  readonly connection: string;
  /** In the order of the runs; 0 where it did not happen. */
  readonly lost: readonly number[];
}

export function upgradesOf(
  identity: Pick<Upgrades, 'from' | 'to' | 'controller' | 'command'>,
  runs: readonly { readonly folder: string; readonly verdict: UpgradeVerdict }[],
): Upgrades {
  const keys = new Map<string, Pick<CauseOfSet, 'cause' | 'connection'>>();
  for (const { verdict } of runs)
    for (const { cause, connection } of verdict.requests.causes)
      keys.set(`${cause} ${connection}`, { cause, connection });
  return {
    version: UPGRADES_VERSION,
    ...identity,
    runs: runs.map(({ folder, verdict: { outcome, reason, requests, nodes } }) => {
      const ends = nodes.map(({ endS }) => endS);
      const tookS = ends.includes(null) ? null : Math.max(...ends.map(Number));
      return { folder, outcome, reason, sent: requests.sent, lost: requests.lost, tookS };
    }),
    causes: [...keys.values()]
      .map(({ cause, connection }) => ({
        cause,
        connection,
        lost: runs.map(({ verdict }) => {
          const found = verdict.requests.causes.find((one) => one.cause === cause && one.connection === connection);
          return found?.lost ?? 0;
        }),
      }))
      .toSorted((a, b) => sum(b.lost) - sum(a.lost)),
  };
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

export function upgradesHeadline({ runs, from, to, controller }: Upgrades): string {
  const outcomes = Map.groupBy(runs, ({ outcome }) => outcome);
  const counts = [...outcomes].map(([outcome, all]) => `${all.length} ${outcome}`).join(', ');
  const lost = runs.map((run) => run.lost).toSorted((a, b) => a - b);
  return `${from} to ${to}, Traefik ${controller}: ${counts}; ${lost[0] ?? 0} to ${lost.at(-1) ?? 0} requests lost.`;
}

export function renderUpgradesSummary(upgrades: Upgrades): string {
  const { runs, causes, command } = upgrades;
  const rowOf = (cells: readonly string[]): string => `| ${cells.map(markdown).join(' | ')} |`;
  return [
    `# ${markdown(upgradesHeadline(upgrades))}`,
    '',
    rowOf(['run', 'outcome', 'lost', 'sent', 'all nodes back after', '']),
    '|---|---|---:|---:|---:|---|',
    ...runs.map((run) =>
      rowOf([
        run.folder,
        run.outcome,
        String(run.lost),
        String(run.sent),
        run.tookS === null ? 'never' : secondsOf(run.tookS),
        run.reason,
      ]),
    ),
    '',
    'Lost requests by what was going on when they were due, in each run:',
    '',
    rowOf(['while', 'connection', ...runs.map((_, index) => `run ${index + 1}`)]),
    `|---|---|${'---:|'.repeat(runs.length)}`,
    ...causes.map(({ cause, connection, lost }) => rowOf([cause, connection, ...lost.map(String)])),
    '',
    `Again: ${markdown(command)}`,
    '',
  ].join('\n');
}
