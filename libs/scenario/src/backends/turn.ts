/** One turn: a path of one cluster, measured once. */
import type { LatencyTurn, ThroughputTurn, Turn } from '@faultline/checker';
import type { History } from '@faultline/history';
import { measureLatency, measureThroughput, type Sampled } from '@faultline/probe';
import type { ProbeSpec } from '@faultline/probe/plan';
import type { BenchPlan, TurnPlan } from './plan-bench.ts';
import type { Asked, Carried, Way } from './ways.ts';

const TIMEOUT_MS = 1000;
const MICROSECOND = 1e3;

export interface TurnOptions {
  readonly plan: BenchPlan;
  readonly turn: TurnPlan;
  readonly way: Way;
  readonly history: History;
  readonly signal: AbortSignal;
}

/** What it saw: of both asks, and of what the path carries, as far as it has them. */
export async function takeTurn(options: TurnOptions): Promise<readonly Turn[]> {
  const { asked, carried } = options.way;
  const latencies = asked ? await latencyOf(asked, options) : [];
  return carried ? [...latencies, await throughputOf(carried, options)] : latencies;
}

async function latencyOf(asked: Asked, { plan, turn, history, signal }: TurnOptions): Promise<readonly LatencyTurn[]> {
  const { commander, vantage } = asked;
  const found = await measureLatency({
    commander,
    vantage,
    specs: specsOf(asked, plan, turn),
    seconds: plan.latencySeconds,
    history,
    signal,
  });
  return found.map((sampled) => latencyTurn(sampled, turn));
}

const nameOf = ({ path, repeat }: TurnPlan, ask: string): string => `${path}-${repeat}-${ask}`;

function specsOf(
  { vantage, address, port, to }: Asked,
  { rateHz, workload }: BenchPlan,
  turn: TurnPlan,
): readonly ProbeSpec[] {
  const common = { rateHz, timeoutMs: TIMEOUT_MS, from: vantage.name, to, address, port };
  const request = { host: workload.host, path: '/whoami', layer: 'http' } as const;
  return [
    { ...common, name: nameOf(turn, 'connect'), kind: 'tcp' },
    { ...common, name: nameOf(turn, 'request'), kind: 'http-new', ...request },
  ];
}

export function latencyTurn({ probe, rows, lateness }: Sampled, { path, repeat, backend }: TurnPlan): LatencyTurn {
  const [sent, late] = [rows.filter(([, , , , result]) => result !== 'late'), rows.filter((row) => row[4] === 'late')];
  const good = sent.filter(([, , , , result]) => result === 'ok');
  return {
    path,
    repeat,
    backend,
    measured: probe.endsWith('connect') ? 'connect' : 'request',
    latencies: good.map(([, intended, at, duration]) => Math.round((at + duration - intended) / MICROSECOND)),
    sent: sent.length,
    lost: sent.length - good.length,
    late: late.length,
    latenessP99: lateness && Math.round(lateness.p99 / MICROSECOND),
  };
}

async function throughputOf(carried: Carried, { plan, turn, signal }: TurnOptions): Promise<ThroughputTurn> {
  const { path, repeat, backend } = turn;
  const sent = await measureThroughput({ ...carried, seconds: plan.throughputSeconds, signal });
  return { path, repeat, backend, measured: 'throughput', ...sent };
}
