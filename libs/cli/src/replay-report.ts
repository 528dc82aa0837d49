/** Judges the history of a replay, and writes what people and machines read of it: that of any run, and whether it was the same. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { judge, type Outcome, type Verdict } from '@faultline/checker';
import { readHistory, type Stamped } from '@faultline/history';
import { isSame, judgeReplay, type About, type ReplayVerdict } from '@faultline/incident/plan';
import { renderHtml, renderJunit, renderSummary, section, table, type Markup } from '@faultline/report';
import { readPlan } from './folder.ts';

/** What was captured, beside the history of its replay. */
export const CAPTURED = 'captured.json';

export interface JudgedReplay {
  /** As of any run. */
  readonly verdict: Verdict;
  readonly events: readonly Stamped[];
  readonly replay: ReplayVerdict;
}

/** Whether the folder is of a replay. */
export const isReplay = async (folder: string): Promise<boolean> =>
  (await stat(join(folder, CAPTURED)).catch(() => undefined)) !== undefined;

/** Writes the verdicts first: a report that cannot be rendered never loses one. */
export async function reportReplay(folder: string): Promise<JudgedReplay> {
  const about = JSON.parse(await readFile(join(folder, CAPTURED), 'utf8')) as About;
  const [plan, events] = await Promise.all([readPlan(folder), readHistory(join(folder, 'history.ndjson'))]);
  const judged = judge(events, plan.expectations);
  const replay = judgeReplay(events, { about, verdict: plan.faults.length > 0 ? judged : null });
  const verdict = plan.faults.length > 0 ? judged : asRun(judged, replay);
  await writeFile(join(folder, 'replay.json'), `${JSON.stringify(replay, null, 2)}\n`);
  await writeFile(join(folder, 'verdict.json'), `${JSON.stringify(verdict, null, 2)}\n`);
  await writeFile(join(folder, 'summary.md'), `${renderSummary({ events, verdict })}\n${summaryOf(replay)}`);
  await writeFile(join(folder, 'junit.xml'), renderJunit({ verdict }));
  await writeFile(join(folder, 'report.html'), renderHtml({ events, verdict, plan, sections: sectionsOf(replay) }));
  return { verdict, events, replay };
}

const OUTCOMES: Readonly<Record<ReplayVerdict['outcome'], Outcome>> = {
  same: 'pass',
  differs: 'fail',
  inconclusive: 'inconclusive',
};

/** Nothing was done to the cluster: whether it is as it was is all that there is to judge. */
function asRun(judged: Verdict, { outcome, reason, compared }: ReplayVerdict): Verdict {
  const check = { check: 'as captured', outcome: OUTCOMES[outcome], reason };
  const headline = `${compared.filter(isSame).length} of ${compared.length} things are as they were captured`;
  return { ...judged, outcome: OUTCOMES[outcome], reason, headline, checks: [check] };
}

function sectionsOf(replay: ReplayVerdict): readonly Markup[] {
  const { compared, asked, outcome, reason } = replay;
  const rows = compared.map((one) => [one.what, one.captured, one.now ?? 'not there', isSame(one) ? '' : 'differs']);
  const routes = asked.map(({ route, request, status, error }) => [
    route,
    request,
    status === 0 ? `no answer: ${error}` : String(status),
  ]);
  return [
    section('Beside what was captured', `${outcome}: ${reason}.`, table(['what', 'captured', 'now', ''], rows)),
    ...(routes.length > 0
      ? [section('What its routes answer', 'Asked here, and never there.', table(['route', 'asked', 'answer'], routes))]
      : []),
  ];
}

function summaryOf(replay: ReplayVerdict): string {
  const differing = replay.compared.filter((one) => !isSame(one));
  const cells = (words: readonly string[]): string =>
    `| ${words.map((word) => word.replaceAll('|', '\\|')).join(' | ')} |`;
  const rows = differing.map(({ what, captured, now }) => cells([what, captured, now ?? 'not there']));
  const lines = differing.length > 0 ? ['', cells(['what', 'captured', 'now']), '| --- | --- | --- |', ...rows] : [];
  return [`## Replay: ${replay.outcome}`, '', replay.reason, ...lines, ''].join('\n');
}
