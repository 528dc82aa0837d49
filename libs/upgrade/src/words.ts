/** How figures and steps of an upgrade are called, on the page and in the summary. Pure. */
import type { UpgradeStep } from '@faultline/history';
import type { AssertionRow, CaseRow, Cause, UpgradeVerdict } from './verdict.ts';

/** The columns of the matrix. */
export const COLUMNS: readonly UpgradeStep[] = ['old', 'beside', 'after', 'back'];

export function columnsOf({ cases }: UpgradeVerdict): readonly UpgradeStep[] {
  const rows = cases.flatMap(({ assertions }) => assertions);
  return COLUMNS.filter((column) => rows.some(({ saw }) => saw[column] !== undefined));
}

export function columnName(step: UpgradeStep, { traefik }: Pick<UpgradeVerdict, 'traefik'>): string {
  if (step === 'beside') return `beside (${traefik.to})`;
  return step === 'after' ? 'after' : `${step} (${traefik.from})`;
}

/** `same`, where it says what the old one said: what differs is what is read. */
export function cellOf({ saw }: AssertionRow, step: UpgradeStep): string {
  const seen = saw[step];
  if (seen === undefined) return '–';
  return step !== 'old' && seen === saw.old ? 'same' : seen;
}

/** What is not asked, and judged by lint nevertheless: values of the chart, whose answer is whether the upgrade happens. */
const NOT_ASKED: AssertionRow = {
  what: 'nothing: whether Traefik is upgraded is its answer',
  saw: {},
  lost: false,
  asExpected: {},
};

/** The rows of the matrix: a case of which nobody says anything has none. */
export const rowsOf = ({ assertions, findings }: CaseRow): readonly AssertionRow[] =>
  assertions.length === 0 && findings.length > 0 ? [NOT_ASKED] : assertions;

export const headlineOf = ({ outcome, from, to, reason }: UpgradeVerdict): string =>
  `${outcome}: ${from} to ${to}: ${reason}.`;

export const classesOf = ({ byClass }: Cause): string =>
  Object.entries(byClass)
    .map(([result, count]) => `${result} ${count}`)
    .join(', ');

export const secondsOf = (at: number): string => `${at.toFixed(1)} s`;

/** `precision 1.00 (no false alarm), recall 0.67 (missed: a)`. */
export function predictionLine({ prediction, cases }: UpgradeVerdict): string {
  const { right, missed, falseAlarms, precision, recall } = prediction;
  const asked = cases.filter(({ changed }) => changed !== null).length;
  const figure = (value: number | null): string => (value === null ? 'not defined' : value.toFixed(2));
  const named = (what: string, names: readonly string[]): string =>
    names.length === 0 ? `no ${what}` : `${what}: ${names.join(', ')}`;
  return (
    `lint was right about ${right} of ${asked} objects: precision ${figure(precision)} (${named('false alarm', falseAlarms)}), ` +
    `recall ${figure(recall)} (${named('miss', missed)})`
  );
}

/** What of the Service's identity the upgrade changed. */
export function identityChanges({ services }: UpgradeVerdict): readonly string[] {
  const [old, ...later] = services;
  if (!old) return [];
  return later.flatMap((now) => {
    const ports = (of: typeof now): string =>
      Object.entries(of.nodePorts)
        .map(([name, port]) => `${name} ${port}`)
        .join(', ');
    const pairs = [
      ['object', old.uid, now.uid],
      ['ClusterIP', old.clusterIP, now.clusterIP],
      ['NodePorts', ports(old), ports(now)],
      ['addresses', old.addresses.join(', '), now.addresses.join(', ')],
    ] as const;
    return pairs.flatMap(([what, before, after]) =>
      before === after ? [] : [`${now.step}: ${what} ${before} → ${after}`],
    );
  });
}

/** What to put on the nodes beforehand, where a pod met one that lacked its image. */
export function preloadAdvice({ missingImages, to }: Pick<UpgradeVerdict, 'missingImages' | 'to'>): readonly string[] {
  if (missingImages.length === 0) return [];
  return [
    ...missingImages.map(({ image, pods }) => `${image} was missing on the node where ${pods.join(', ')} was to run`),
    `Preload the images of ${to} on every node before the first one is upgraded: ` +
      'its k3s-airgap-images archive in /var/lib/rancher/k3s/agent/images',
  ];
}

/** What of the objects the way back restored; nothing where there was none. */
export function backLines({ cases, traefiks }: Pick<UpgradeVerdict, 'cases' | 'traefiks'>): readonly string[] {
  const asked = cases.flatMap((row) => row.assertions.map((assertion) => ({ ...assertion, case: row.case })));
  const tried = asked.filter(({ saw }) => saw.back !== undefined);
  if (tried.length === 0) return [];
  const named = (rows: typeof tried): string => [...new Set(rows.map((row) => row.case))].join(', ') || 'nothing';
  const changed = tried.filter(({ saw }) => saw.after !== saw.old);
  const serves = Object.keys(traefiks.at(-1)?.ready ?? {}).join(' and ') || 'none';
  return [
    `In the end the Traefik that is ready is ${serves}`,
    `Comes back: ${named(changed.filter(({ saw }) => saw.back === saw.old))}`,
    `Does not come back: ${named(tried.filter(({ saw }) => saw.back !== saw.old))}`,
  ];
}
