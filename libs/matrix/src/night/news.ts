/** What of a night somebody has to look at, in sentences: they decide its exit code, and are the first lines of its page. */
import type { Mechanism, NightFailure, NightReport, NightRow, SeriesChange } from '@faultline/checker';
import { CHANGE_RULE } from './changes.ts';

type Judged = Pick<
  NightReport,
  'nights' | 'rows' | 'failures' | 'mechanisms' | 'untested' | 'quarantine' | 'unreadable' | 'counts'
>;

/** Failures that nobody knows of, what got slower, and quarantines that are over. */
export function alarmsOf({ nights, rows, failures, mechanisms, quarantine }: Judged): readonly string[] {
  return [
    ...failures.filter(({ verdict, quarantine: by }) => verdict === 'fail' && by === null).map(failed),
    ...rows.flatMap((row) => slower(row, (change) => isExplained(row, change, { mechanisms, nights }))),
    ...mechanisms.flatMap(slowerMechanism),
    ...quarantine
      .filter(({ state }) => state === 'expired')
      .map(
        ({ fingerprint, owner, until }) =>
          `the quarantine of ${fingerprint} ended on ${until}: ${owner} mends it or asks again`,
      ),
  ];
}

function failed({ parts: [scenario, failure], rows, before, fingerprint }: NightFailure): string {
  const since = before === null ? 'new' : `as on ${before}`;
  return `${scenario}: ${failure} in ${counted(rows.length, 'row')}, ${since} (${fingerprint})`;
}

/** The same timers, the same direction, at most a few nights apart: one cause alarms once, and not for each of its rows. */
function isExplained(
  { cell }: NightRow,
  change: SeriesChange,
  { mechanisms, nights }: Pick<Judged, 'mechanisms' | 'nights'>,
): boolean {
  return mechanisms.some(({ loadBalancer, figure: { change: theirs } }) => {
    if (!theirs || loadBalancer !== cell['loadBalancer'] || theirs.factor > 1 !== change.factor > 1) return false;
    return Math.abs(nights.indexOf(theirs.night) - nights.indexOf(change.night)) <= CHANGE_RULE.least;
  });
}

function slower({ row, figures }: NightRow, isKnown: (change: SeriesChange) => boolean): readonly string[] {
  return figures.flatMap(({ name, change }) =>
    change?.isNew && change.factor > 1 && !isKnown(change)
      ? [`${row}: ${name} got ${share(change)} slower since ${change.night}`]
      : [],
  );
}

function slowerMechanism({ loadBalancer, rows, figure: { name, change } }: Mechanism): readonly string[] {
  if (!change?.isNew || change.factor <= 1) return [];
  return [`${loadBalancer}: ${name} got ${share(change)} slower since ${change.night}, over ${rows} rows`];
}

const share = ({ factor }: SeriesChange): string => `${Math.round((factor - 1) * 100)} %`;

/** Why it is not known that all is well. What was skipped is no doubt: it is named, and counted as not tested. */
export function doubtsOf({ failures, untested, unreadable, rows, counts }: Judged): readonly string[] {
  const inDoubt = failures.filter(({ verdict, quarantine }) => verdict === 'inconclusive' && quarantine === null);
  return [
    ...(rows.length === counts.skip ? ['nothing was measured'] : []),
    ...inDoubt.map(
      ({ parts: [scenario, failure], rows: of }) => `${scenario}: ${failure} in ${counted(of.length, 'row')}`,
    ),
    ...(untested.shards.length > 0 ? [`no results of ${untested.shards.join(', ')}`] : []),
    ...(unreadable.length > 0 ? [`${counted(unreadable.length, 'line')} of the history cannot be read`] : []),
  ];
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
