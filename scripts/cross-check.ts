/**
 * Holds our prober against another instrument: `npm run cross-check -- runs/latest`.
 *
 * For a run with `--capture`: tshark reads the client's packets in edge.pcap, and the outage that they show must be the
 * one that the prober saw (edge-tcp in verdict.json). Exit 1 where they differ by 15 ms or more, last good to first good;
 * 2 where there is nothing to compare. Root on Debian or Ubuntu gets tshark installed.
 */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Outage, Verdict } from '@faultline/checker';
import { $ } from 'zx';
import { install, isInstalled } from './apt.ts';
import { attempts, longestOutage, TSHARK, type CaptureOutage } from './cross-check/capture.ts';
import { canInstall, isDebianLike } from './engine/advice.ts';

const PROBE = 'edge-tcp';
const LIMIT_MS = 15;
const EXIT = { agree: 0, differ: 1, nothing: 2, usage: 64 } as const;

async function main(folder: string | undefined): Promise<number> {
  const [capture, judged] = ['edge.pcap', 'verdict.json'].map((file) => join(folder ?? '', file)) as [string, string];
  if (!folder || !existsSync(capture) || !existsSync(judged)) {
    console.error(
      `cross-check: ${folder ? `${folder} holds no edge.pcap and verdict.json` : 'no run given'}. ` +
        'Allowed: the folder of a run that captured its packets.\n' +
        'Next: npx faultline run kill-the-announcing-node --capture && npm run cross-check -- runs/latest',
    );
    return EXIT.usage;
  }
  await ensureTshark();
  const seen = longestOutage(attempts(await readCapture(capture)));
  const { probes } = JSON.parse(await readFile(judged, 'utf8')) as Pick<Verdict, 'probes'>;
  const ours = probes.find(({ probe }) => probe === PROBE)?.worst;
  if (!seen || !ours || ours.end === null) {
    console.error(
      `cross-check: nothing to compare: ${seen ? '' : 'the capture shows no outage that ended; '}${prober(ours)}`,
    );
    return EXIT.nothing;
  }
  const { isSame, text } = compare(ours, seen);
  console.log(text);
  // Kept beside the run, with the command that says it again.
  await writeFile(
    join(folder, 'cross-check.txt'),
    `npm run cross-check -- ${relative(process.cwd(), folder)}\n\n${text}\n`,
  );
  return isSame ? EXIT.agree : EXIT.differ;
}

/** In words, and whether they agree. */
function compare(ours: Outage, seen: CaptureOutage): { readonly isSame: boolean; readonly text: string } {
  const [first, second] = [ours.duration.estimate - seen.goodToGood, ours.byLoss - seen.byLoss];
  const isSame = Math.abs(first) < LIMIT_MS;
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const both = (good: number, loss: number): string =>
    `${ms(good)} last good to first good, ${ms(loss)} by lost / rate`;
  const text = [
    `prober      ${both(ours.duration.estimate, ours.byLoss)} (${PROBE}, ${ours.lost} lost)`,
    `capture     ${both(seen.goodToGood, seen.byLoss)} (${seen.lost} SYNs lost)`,
    `difference  ${ms(first)} (by lost / rate ${ms(second)}): ${isSame ? 'less than' : 'NOT less than'} ${LIMIT_MS} ms`,
  ].join('\n');
  return { isSame, text };
}

function prober(outage: Outage | null | undefined): string {
  if (!outage) return `the prober saw no outage of ${PROBE}`;
  return outage.end === null
    ? `${PROBE} never came back`
    : `the prober saw one of ${outage.duration.estimate.toFixed(1)} ms`;
}

async function ensureTshark(): Promise<void> {
  if (await isInstalled('tshark')) return;
  const osRelease = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const isRoot = process.getuid?.() === 0;
  const host = { platform: process.platform, isRoot, isDebian: isDebianLike(osRelease), hasSocket: false };
  if (!canInstall(host))
    throw new Error('cross-check: tshark is not installed.\nNext: install the package tshark (or wireshark-cli)');
  await install('it reads the packet capture', ['tshark']);
}

/** A capture whose last packet is cut off is read up to there, and said to be. */
async function readCapture(file: string): Promise<string> {
  const { stdout, stderr, exitCode } = await $({
    nothrow: true,
    quiet: true,
    timeout: '5m',
  })`tshark -r ${file} ${TSHARK}`;
  if (exitCode !== 0 && stdout === '') throw new Error(`cross-check: tshark could not read ${file}: ${stderr}`);
  if (exitCode !== 0) console.error(`cross-check: tshark said: ${stderr.trim()}`);
  return stdout;
}

try {
  process.exitCode = await main(process.argv[2]);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = EXIT.nothing;
}
