/** Makes forwarding entries of Flannel's VXLAN device wrong. What peers send still arrives; the answer does not. */
import type { Commander } from '@faultline/control';
import { ANSWER_MS, asLines, asText } from '../routes.ts';
import type { Act } from './act.ts';
import { besides } from './address-change.act.ts';
import { changeAct, type Memory } from './change.act.ts';
import { peersAt } from './company.ts';

const OVERLAY = 'flannel.1';

export const staleFdbAct: Act = changeAct({
  async survey(scene) {
    const { node, machines } = scene;
    const peers = peersAt(scene) ?? machines;
    const entries = (await entriesOf(node.side)).filter(({ dst }) => peers.some(({ address }) => address === dst));
    if (entries.length === 0) throw new Error(`${OVERLAY} of ${node.name} has no entry for them. Allowed on: vxlan`);
    return {
      entries: asText(entries.map(({ mac, dst }) => `${mac} ${dst}`)),
      networks: asText(await networks(node.side, entries)),
    };
  },
  strike: (side, { entries }, signal) => point(side, entries, besides, signal),
  async look(side, { entries }) {
    const there = (await entriesOf(side)).map(({ mac, dst }) => `${mac} ${dst}`);
    const right = asLines(entries).filter((entry) => there.includes(entry));
    return { inForce: right.length === 0, detail: `${right.length} of ${asLines(entries).length} entries are right` };
  },
  async seen({ node: { side } }, { networks: all }, signal) {
    const answers = await Promise.all(
      asLines(all).map(async (address) => {
        const argv = ['ping', '-c', '1', '-W', '1', address];
        return (await side.exec(argv, { signal, accept: 'any' })).exitCode === 0 ? address : undefined;
      }),
    );
    const heard = answers.filter((address) => address !== undefined);
    return {
      effect: heard.length === 0,
      detail: `${heard.join(', ') || 'none of the peers'} answers through ${OVERLAY}`,
    };
  },
  async restore(side, { entries }) {
    await point(side, entries, (dst) => dst);
    return `${asLines(entries).length} entries of ${OVERLAY} are right again`;
  },
});

interface Entry {
  readonly mac: string;
  readonly dst?: string;
}

async function entriesOf(side: Commander): Promise<readonly Entry[]> {
  const argv = ['bridge', '-json', 'fdb', 'show', 'dev', OVERLAY];
  const { stdout, exitCode } = await side.exec(argv, { timeoutMs: ANSWER_MS, accept: 'any' });
  return exitCode === 0 ? (JSON.parse(stdout) as readonly Entry[]) : [];
}

/** The peers' own addresses in the overlay: 10.42.1.0, which answers a ping as its node does. */
async function networks(side: Commander, entries: readonly Entry[]): Promise<readonly string[]> {
  const argv = ['ip', '-json', 'neighbour', 'show', 'dev', OVERLAY];
  const { stdout } = await side.exec(argv, { timeoutMs: ANSWER_MS });
  const neighbours = JSON.parse(stdout) as readonly { dst: string; lladdr?: string }[];
  return neighbours
    .filter(({ dst, lladdr }) => !dst.includes(':') && entries.some(({ mac }) => mac === lladdr))
    .map(({ dst }) => dst);
}

async function point(
  side: Commander,
  entries: Memory[string] | undefined,
  where: (dst: string) => string,
  signal?: AbortSignal,
): Promise<void> {
  const lines = asLines(entries).map((entry) => {
    const [mac, dst = ''] = entry.split(' ');
    return `fdb replace ${mac} dev ${OVERLAY} dst ${where(dst)} self permanent\n`;
  });
  await side.exec(['bridge', '-batch', '-'], {
    input: lines.join(''),
    timeoutMs: ANSWER_MS,
    ...(signal && { signal }),
  });
}
