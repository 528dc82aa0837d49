/**
 * Who has the address: one who-has per sample, every answer to it, and all other ARP packets of the LAN.
 *
 * The who-has comes from a MAC address of the probe's own. Its answers are captured, and the kernel takes them for somebody
 * else's: were they taken in, the client's neighbour table would be refreshed ten times a second, and would hide that a
 * failover's gratuitous ARP is missing.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import type { ProbeSpec } from '../spec.ts';
import { isGratuitous, parseArp, whoHas, type ArpPacket } from './arp-packet.ts';
import type { Probe, Settle } from './attempt.ts';
import { classOfError } from './classify.ts';
import { followNeighbour } from './neighbour.ts';
import { pcapReader } from './pcap.ts';
import type { Report } from './report.ts';
import { now, type Sample } from './schedule.ts';
import { wallClock } from './wall.ts';

type ArpSpec = Extract<ProbeSpec, { kind: 'arp' }>;

interface Asked {
  readonly sample: Sample;
  readonly sent: number;
  /** Time of the first answer. */
  answered: number | undefined;
  readonly by: Set<string>;
}

export function arpProbe(descriptor: () => number, report: Report): (spec: ArpSpec, settle: Settle) => Probe {
  return (spec, settle) => {
    const fd = descriptor();
    const mac = ownMac();
    const asked: Asked[] = [];
    // Which answer belongs to which question, the packets do not say: to the last one before it.
    const answer = (packet: ArpPacket, time: number) => {
      const question = asked.findLast(({ sent }) => sent <= time);
      if (!question || packet.senderAddress !== spec.address) return;
      question.answered ??= time;
      question.by.add(packet.senderMac);
    };
    const close = (question: Asked) => {
      asked.splice(asked.indexOf(question), 1);
      const { sample, sent, answered, by } = question;
      if (answered === undefined) settle(sample, sent, now() - sent, { result: 'timeout', answeredBy: null });
      else settle(sample, sent, answered - sent, { result: 'ok', answeredBy: [...by].join(',') });
    };
    const capture = captureArp(spec.interface, report, (packet, time) => {
      if (packet.senderMac === mac) return;
      if (packet.operation === 'reply' && packet.targetMac === mac) answer(packet, time);
      else say(report, packet, time);
    });
    const neighbour = followNeighbour(spec.address, spec.interface, report);
    return {
      send(sample) {
        const question: Asked = { sample, sent: now(), answered: undefined, by: new Set() };
        try {
          writeSync(fd, whoHas(spec.address, mac));
        } catch (error) {
          settle(sample, question.sent, now() - question.sent, { result: classOfError(error), answeredBy: null });
          return;
        }
        asked.push(question);
        // Open until the end of its time even when it was answered: a second owner's answer may follow.
        setTimeout(() => setImmediate(close, question), spec.timeoutMs);
      },
      close() {
        capture.kill();
        neighbour.kill();
      },
    };
  };
}

function say(report: Report, packet: ArpPacket, time: number): void {
  const { operation, senderMac, senderAddress, targetAddress } = packet;
  report.say({
    type: 'arp',
    time,
    operation,
    gratuitous: isGratuitous(packet),
    senderMac,
    senderAddress,
    targetAddress,
  });
}

/** Locally administered, and no other prober's. */
function ownMac(): string {
  return ['02', 'fa', ...(randomBytes(4).toString('hex').match(/../g) ?? [])].join(':');
}

function captureArp(
  interfaceName: string,
  report: Report,
  take: (packet: ArpPacket, time: number) => void,
): ChildProcess {
  const argv = [
    '--immediate-mode',
    '--packet-buffered',
    '--time-stamp-precision=nano',
    '-n',
    '-i',
    interfaceName,
    '-w',
    '-',
    'arp',
  ];
  const tcpdump = spawn('tcpdump', argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  const clock = wallClock(Date.now, now);
  const reading = setInterval(() => clock.read(), 10);
  const packets = pcapReader();
  let words = '';
  tcpdump.stderr.setEncoding('utf8').on('data', (text: string) => (words = `${words}${text}`.slice(-300)));
  tcpdump.stdout.on('data', (piece: Buffer) => {
    clock.read();
    for (const { wall, frame } of packets(piece)) {
      const packet = parseArp(frame);
      if (packet) take(packet, clock.monotonic(wall));
    }
  });
  const lost = (why: string) => report.say({ type: 'warning', text: `ARP is not captured any more: tcpdump ${why}` });
  tcpdump.once('error', (error) => lost(error.message));
  tcpdump.once('exit', (code) => {
    clearInterval(reading);
    if (!tcpdump.killed) lost(`ended with code ${code}: ${words.trim()}`);
  });
  return tcpdump;
}
