/** A night that never was, with one of everything: for tests. */
import {
  NIGHT_REPORT_VERSION,
  type NightFailure,
  type NightFigure,
  type NightReport,
  type NightRow,
  type RowVerdict,
  type SeriesChange,
} from '@faultline/checker';

const NIGHTS = Array.from({ length: 30 }, (_, index) => `2026-11-${String(index + 1).padStart(2, '0')}`);

/** What a cluster could say to whoever opens the page. */
export const HOSTILE = '<script>alert("1")</script> & \u001b[31m';

const CHANGE: SeriesChange = {
  night: '2026-11-24',
  factor: 1.21,
  chance: 1 / 52_000,
  isNew: true,
  commits: ['aaa111', 'bbb222'],
  hosts: ['ci-1', 'ci-2'],
};

function figure(change: SeriesChange | null = null): NightFigure {
  const past = NIGHTS.map((night, index) => (index % 11 === 3 ? null : night < '2026-11-24' || !change ? 0.98 : 1.2));
  const expected = { low: 4940, median: 5600, high: 7150 };
  return { name: 'failover edge-http-new', measuredMs: 6720, runs: 1, expected, past, change };
}

function row(verdict: RowVerdict, loadBalancer: string, change: Partial<NightRow> = {}): NightRow {
  const backend = change.cell?.['backend'] ?? 'vxlan';
  return {
    row: `kill-the-announcing-node/k3s-v1.33.3+k3s1-${backend}-${loadBalancer}`,
    scenario: 'kill-the-announcing-node',
    cell: { scenario: 'kill-the-announcing-node', substrate: 'k3s', backend, loadBalancer },
    verdict,
    durationMs: verdict === 'skip' ? 0 : 61_000,
    reason: 'edge-http-new was out for 6.72 s ± 0.02 s',
    runs: [{ folder: verdict === 'skip' ? null : `rows/${verdict}`, verdict }],
    fingerprint: null,
    isQuarantined: false,
    past: NIGHTS.map((_, index) => (index === 4 ? null : { verdict, durationMs: 55_000 + index * 500 })),
    figures: verdict === 'pass' || verdict === 'fail' ? [figure()] : [],
    ...change,
  };
}

function failure(fingerprint: string, change: Partial<NightFailure>): NightFailure {
  return {
    fingerprint,
    parts: ['kill-the-announcing-node', 'fail outage edge-http-new: timeout', 'run.end completed'],
    verdict: 'fail',
    reason: `edge-http-new was out for 14.2 s: ${HOSTILE}`,
    rows: ['kill-the-announcing-node/k3s-v1.33.3+k3s1-vxlan-keepalived'],
    first: '2026-11-30',
    before: null,
    count: 1,
    nights: 1,
    quarantine: null,
    ...change,
  };
}

const ENTRY = { fingerprint: 'bbbbbbbbbbbb', owner: 'ada', reason: 'kube-vip#1786', until: '2026-12-05' };

export function exampleNight(): NightReport {
  const rows = [
    row('fail', 'keepalived', { fingerprint: 'aaaaaaaaaaaa', reason: `out for 14.2 s: ${HOSTILE}` }),
    row('fail', 'kube-vip-arp', { fingerprint: 'bbbbbbbbbbbb', isQuarantined: true }),
    row('inconclusive', 'servicelb', { fingerprint: 'cccccccccccc', reason: 'never steady' }),
    row('pass', 'metallb-l2', { figures: [figure(CHANGE)] }),
    row('skip', 'metallb-l2', { cell: { backend: 'wireguard-native' }, reason: 'this host lacks wireguard' }),
  ];
  const known = { before: '2026-11-29', first: '2026-11-13', count: 9, nights: 9 };
  return {
    version: NIGHT_REPORT_VERSION,
    night: '2026-11-30',
    nights: NIGHTS,
    outcome: 'fail',
    alarms: ['kill-the-announcing-node: fail, new (aaaaaaaaaaaa)', 'metallb-l2: failover got 21 % slower'],
    doubts: ['no results of 2of2'],
    counts: { fail: 2, inconclusive: 1, pass: 1, skip: 1 },
    durationMs: 244_000,
    rows,
    failures: [
      failure('aaaaaaaaaaaa', {}),
      failure('cccccccccccc', {
        ...known,
        verdict: 'inconclusive',
        parts: ['x', 'inconclusive never steady', 'steady'],
      }),
      failure('bbbbbbbbbbbb', { ...known, quarantine: ENTRY }),
    ],
    recovered: [{ row: rows[3]?.row ?? '', was: 'fail', night: '2026-11-29' }],
    mechanisms: [{ loadBalancer: 'metallb-l2', rows: 8, figure: figure({ ...CHANGE, isNew: false }) }],
    untested: {
      skips: [{ capability: 'wireguard', reason: 'no such module', rows: [rows[4]?.row ?? ''] }],
      beyondBudget: ['fill-the-disk/k3s'],
      gone: ['block-vxlan/k3s'],
      shards: ['2of2'],
    },
    quarantine: [
      { ...ENTRY, state: 'holds' },
      { ...ENTRY, fingerprint: 'dddddddddddd', until: '2026-11-29', state: 'expired' },
    ],
    unreadable: [{ place: '2026-11-02.1of2.ndjson:25', why: 'Unterminated string' }],
    commits: ['bbb222'],
    hosts: ['ci-2'],
  };
}

/** One of which nobody has to be told anything. */
export function quietNight(): NightReport {
  const example = exampleNight();
  const nothing = {
    alarms: [],
    doubts: [],
    failures: [],
    recovered: [],
    mechanisms: [],
    quarantine: [],
    unreadable: [],
  };
  return {
    ...example,
    ...nothing,
    outcome: 'pass',
    rows: [row('pass', 'metallb-l2')],
    counts: { fail: 0, inconclusive: 0, pass: 1, skip: 0 },
    untested: { skips: [], beyondBudget: [], gone: [], shards: [] },
  };
}
