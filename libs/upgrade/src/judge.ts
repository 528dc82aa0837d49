/** Judges the history of an upgrade. Pure: an old run is judged again without a cluster. */
import { eventsOf } from '@faultline/checker';
import { SECOND, type EventOf, type Nanoseconds, type Stamped } from '@faultline/history';
import { requestsOf } from './causes.ts';
import type { UpgradePlan } from './plan-upgrade.ts';
import {
  UPGRADE_VERDICT_VERSION,
  type AssertionRow,
  type CaseRow,
  type HelmJob,
  type NodeAway,
  type Prediction,
  type UpgradeVerdict,
} from './verdict.ts';

type Planned = Pick<UpgradePlan, 'from' | 'to' | 'traefik'>;

export function judgeUpgrade(events: readonly Stamped[], { from, to, traefik }: Planned): UpgradeVerdict {
  const since = eventsOf(events, 'upgrade.node')[0]?.at ?? Infinity;
  const cases = casesOf(events);
  const partly = { from, to, traefik, cases, helm: helmOf(events, since) };
  return {
    version: UPGRADE_VERDICT_VERSION,
    ...partly,
    ...outcomeOf(events, partly),
    prediction: predictionOf(cases),
    requests: requestsOf(events, since),
    nodes: nodesOf(events, since),
    traefiks: eventsOf(events, 'upgrade.traefik').map(({ at, ready }) => ({ atS: seconds(at - since), ready })),
    services: eventsOf(events, 'upgrade.service').map(({ step, uid, clusterIP, nodePorts, addresses }) => ({
      step,
      uid,
      clusterIP,
      nodePorts,
      addresses,
    })),
    routers: routersOf(eventsOf(events, 'upgrade.routers').at(-1)),
    missingImages: missingImagesOf(events, since),
    notes: eventsOf(events, 'note').flatMap(({ level, text }) => (level === 'warning' ? [text] : [])),
  };
}

const seconds = (ns: Nanoseconds): number => Math.round(ns / (SECOND / 10)) / 10;

const routersOf = (event: EventOf<'upgrade.routers'> | undefined): UpgradeVerdict['routers'] =>
  event ? { old: event.old, beside: event.beside, differs: event.differs } : null;

function outcomeOf(
  events: readonly Stamped[],
  { cases, helm, traefik, to }: Pick<UpgradeVerdict, 'cases' | 'helm' | 'traefik' | 'to'>,
): Pick<UpgradeVerdict, 'outcome' | 'reason'> {
  const isAsked = eventsOf(events, 'upgrade.step').some(({ step, edge }) => step === 'after' && edge === 'end');
  const end = eventsOf(events, 'run.end')[0];
  if (!isAsked)
    return { outcome: 'inconclusive', reason: `it did not come that far: ${end?.error ?? neverSteady(events)}` };
  const wrong = cases.flatMap((row) => row.assertions.filter(({ asExpected }) => asExpected.old === false));
  const total = cases.flatMap(({ assertions }) => assertions).length;
  // A list that was wrong before the upgrade says nothing of it; a row or two that were are named on the page.
  if (wrong.length > 0 && wrong.length * 2 >= total) {
    const [first] = wrong;
    const reason = `${wrong.length} of ${total} answers were not as expected before the upgrade: ${first?.what}: ${first?.saw.old}`;
    return { outcome: 'inconclusive', reason };
  }
  const lost = cases.filter(({ assertions }) => assertions.some((one) => one.lost)).map((row) => row.case);
  const steady = eventsOf(events, 'steady').find(({ when }) => when === 'after');
  const served = servedAfter(events);
  if (lost.length > 0) {
    const which = lost.length > 4 ? `${lost.slice(0, 4).join(', ')} and ${lost.length - 4} more` : lost.join(', ');
    return { outcome: 'broken', reason: `Traefik ${served || 'nothing'} serves, and clients no longer get ${which}` };
  }
  if (steady?.ok === false) return { outcome: 'broken', reason: `clients were not served again: ${steady.detail}` };
  if (served === traefik.to)
    return { outcome: 'upgraded', reason: `Traefik ${traefik.to} of ${to} serves all that ${traefik.from} served` };
  const failing = helm.find(({ state }) => state !== 'complete');
  const why = failing
    ? `${failing.job} is ${failing.state} after ${failing.attempts} attempts: ${failing.reasons.at(-1) ?? 'it does not say why'}`
    : 'no Helm job fails';
  return served === ''
    ? { outcome: 'broken', reason: `no Traefik is ready; ${why}` }
    : { outcome: 'stuck', reason: `Traefik ${served} still serves, and nothing is lost; ${why}` };
}

const neverSteady = (events: readonly Stamped[]): string =>
  eventsOf(events, 'steady').find(({ ok }) => !ok)?.detail ?? 'the history ends before';

/** The Traefiks that were ready when the list was asked after the upgrade. */
function servedAfter(events: readonly Stamped[]): string {
  const asked = eventsOf(events, 'upgrade.step').find(({ step, edge }) => step === 'after' && edge === 'begin');
  const last = eventsOf(events, 'upgrade.traefik').findLast(({ at }) => at <= (asked?.at ?? Infinity));
  return Object.keys(last?.ready ?? {}).join(' and ');
}

function casesOf(events: readonly Stamped[]): readonly CaseRow[] {
  const asked = Map.groupBy(eventsOf(events, 'upgrade.asked'), (event) => event.case);
  const predicted = Map.groupBy(eventsOf(events, 'upgrade.predicted'), (event) => event.case);
  const names = [...new Set([...asked.keys(), ...predicted.keys()])];
  return names.map((name) => {
    const findings = predicted.get(name) ?? [];
    const byWhat = Map.groupBy(asked.get(name) ?? [], ({ what }) => what);
    const assertions = [...byWhat].map(([what, all]) => assertionRow(what, all));
    const known = assertions.filter(
      ({ saw, asExpected }) => saw.old !== undefined && saw.after !== undefined && asExpected.old !== false,
    );
    return {
      case: name,
      predicted:
        (['breaks', 'changes', 'warns'] as const).find((worst) =>
          findings.some(({ severity }) => severity === worst),
        ) ?? null,
      findings: findings.map(({ rule, object, path, message }) => ({ rule, object, path, message })),
      assertions,
      changed: known.length === 0 ? null : known.some(({ saw }) => saw.old !== saw.after),
    };
  });
}

const GONE = [0, 404, 502, 503, 504];

function assertionRow(what: string, all: readonly EventOf<'upgrade.asked'>[]): AssertionRow {
  const isGone = (step: string): boolean | undefined =>
    all.find((one) => one.step === step)?.statuses.some((status) => GONE.includes(status));
  return {
    what,
    saw: Object.fromEntries(all.map(({ step, saw }) => [step, saw])),
    lost: isGone('old') === false && isGone('after') === true,
    asExpected: Object.fromEntries(all.map(({ step, asExpected }) => [step, asExpected])),
  };
}

function predictionOf(cases: readonly CaseRow[]): Prediction {
  const known = cases.filter(({ changed }) => changed !== null);
  const isAlarm = ({ predicted }: CaseRow): boolean => predicted === 'breaks' || predicted === 'changes';
  const hits = known.filter((row) => isAlarm(row) && row.changed).length;
  const missed = known.filter((row) => !isAlarm(row) && row.changed).map((row) => row.case);
  const falseAlarms = known.filter((row) => isAlarm(row) && !row.changed).map((row) => row.case);
  const share = (others: number): number | null => (hits + others === 0 ? null : hits / (hits + others));
  return {
    right: known.length - missed.length - falseAlarms.length,
    missed,
    falseAlarms,
    precision: share(falseAlarms.length),
    recall: share(missed.length),
  };
}

function nodesOf(events: readonly Stamped[], since: Nanoseconds): readonly NodeAway[] {
  const all = eventsOf(events, 'upgrade.node');
  return all
    .filter(({ edge }) => edge === 'begin')
    .map(({ node, from, to, at }) => {
      const end = all.find((one) => one.edge === 'end' && one.node === node && one.at >= at);
      return {
        node,
        from,
        to,
        beginS: seconds(at - since),
        endS: end ? seconds(end.at - since) : null,
        error: end?.error ?? null,
      };
    });
}

/** The jobs of the upgrade, by their charts: one that was done before, and is not tried again, is no news. */
function helmOf(events: readonly Stamped[], since: Nanoseconds): readonly HelmJob[] {
  const states = eventsOf(events, 'upgrade.helm');
  const before = new Map(states.filter(({ at }) => at < since).map((one) => [`${one.job} ${one.chart}`, one.attempts]));
  const during = Map.groupBy(
    states.filter(({ at }) => at >= since),
    ({ job, chart }) => `${job} ${chart}`,
  );
  const tried = [...during].filter(([key, all]) => all.some(({ attempts }) => attempts !== before.get(key)));
  return tried.map(([, all]) => {
    const last = all.at(-1) as EventOf<'upgrade.helm'>;
    return {
      job: last.job,
      chart: last.chart,
      attempts: Math.max(...all.map(({ attempts }) => attempts)),
      state: last.state,
      nodes: [...new Set(all.flatMap(({ node }) => node ?? []))],
      reasons: [...new Set(all.flatMap(({ state, detail }) => (state === 'failing' && detail !== '' ? [detail] : [])))],
    };
  });
}

/** As the kubelet complains: `Failed to pull image "rancher/klipper-lb:v0.4.13": ...`. */
function missingImagesOf(events: readonly Stamped[], since: Nanoseconds): UpgradeVerdict['missingImages'] {
  const missing = new Map<string, Set<string>>();
  for (const { kind, at, summary } of eventsOf(events, 'watch')) {
    if (kind !== 'Event' || at < since || !['Failed', 'BackOff'].includes(String(summary['reason']))) continue;
    const [, image] = /image "([^"]+)"/.exec(String(summary['message'])) ?? [];
    if (image === undefined) continue;
    missing.set(image, (missing.get(image) ?? new Set()).add(String(summary['regarding']).replace('Pod/', '')));
  }
  return [...missing].map(([image, pods]) => ({ image, pods: [...pods].toSorted() }));
}
