/**
 * The prober: one process, all streams of one vantage.
 *
 * Standard input: the JSON array of ProbeSpec on the first line. At its end the prober stops sending, waits for what is on
 * its way, says it, and exits: it never outlives the harness. Standard output: see report.ts.
 */
import { createInterface } from 'node:readline';
import type { ProbeSpec } from '../spec.ts';
import { arpProbe } from './arp.ts';
import type { Probe, Settle } from './attempt.ts';
import { httpProbe } from './http.ts';
import { icmpProbes } from './icmp.ts';
import { createReport, type Report } from './report.ts';
import { now, runSchedule, stagger, type Sample, type Sender } from './schedule.ts';
import { takePrecedence } from './scheduling.ts';
import { streamProbe } from './stream.ts';
import { tcpProbe } from './tcp.ts';
import { udpProbe } from './udp.ts';

/** Before the first sample, nanoseconds: what was said is written, what is loaded has settled. */
const AHEAD = 50e6;

/** The end is forced, should anything hold it up. */
const END_WITHIN_MS = 3000;

type Kinds = (spec: ProbeSpec, settle: Settle) => Probe;

function kinds(report: Report): Kinds {
  const icmp = icmpProbes(descriptor('ICMP'));
  const arp = arpProbe(descriptor('ARP'), report);
  const stream = streamProbe(report);
  return (spec, settle) => {
    switch (spec.kind) {
      case 'tcp':
        return tcpProbe(spec, settle);
      case 'http-new':
      case 'http-kept':
        return httpProbe(spec, settle);
      case 'udp':
        return udpProbe(spec, settle);
      case 'stream':
        return stream(spec, settle);
      case 'icmp':
        return icmp(spec, settle);
      case 'arp':
        return arp(spec, settle);
    }
  };
}

/** The socket that sockets.pl opened. */
const descriptor = (name: 'ICMP' | 'ARP') => (): number => {
  const fd = process.env[`FAULTLINE_${name}_FD`];
  const reason = process.env[`FAULTLINE_${name}_ERROR`] ?? 'none was asked for';
  if (fd === undefined) throw new Error(`no ${name} socket could be opened: ${reason}`);
  return Number(fd);
};

/** The probe, with every sample of its own entered in the report and, while it is open, in `onTheWay`. */
function reported(spec: ProbeSpec, kind: Kinds, report: Report, onTheWay: Set<Sample>): Sender & Probe {
  const probe = kind(spec, (sample, sent, duration, { result, answeredBy }) => {
    onTheWay.delete(sample);
    report.row(spec.name, [sample.sequence, sample.intended, sent, duration, result, answeredBy]);
  });
  return {
    send(sample) {
      onTheWay.add(sample);
      probe.send(sample);
    },
    miss: ({ sequence, intended }) => report.row(spec.name, [sequence, intended, now(), 0, 'late', null]),
    close: () => probe.close(),
  };
}

async function main(): Promise<void> {
  const lines = createInterface({ input: process.stdin });
  const ended = new Promise<void>((resolve) => lines.once('close', resolve));
  const first = await new Promise<string>((resolve) => {
    lines.once('line', resolve);
    lines.once('close', () => resolve('[]'));
  });
  const specs = JSON.parse(first) as readonly ProbeSpec[];
  const report = createReport();
  const kind = kinds(report);
  const onTheWay = new Set<Sample>();
  const probes = specs.map((spec) => reported(spec, kind, report, onTheWay));
  report.say({ type: 'ready', scheduling: takePrecedence() });
  const schedule = runSchedule(
    stagger(
      specs.map(({ rateHz }) => rateHz),
      now() + AHEAD,
    ),
    probes,
    { punctual: process.argv[2] === 'punctual' },
  );

  await ended;
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), END_WITHIN_MS);
  schedule[Symbol.dispose]();
  while (onTheWay.size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  for (const probe of probes) probe.close();
  await report.finish(specs.map(({ name }) => name));
  process.exit(0);
}

await main();
