/** What `ip` says of a machine's interfaces and routes, and how it is told to change them. Asked in its side-car. */
import type { Commander } from '@faultline/control';

export const ANSWER_MS = 5_000;

/** Several commands in one process: what lies between them is microseconds. */
export async function ip(side: Commander, lines: readonly string[], signal?: AbortSignal): Promise<void> {
  const input = lines.map((line) => `${line}\n`).join('');
  await side.exec(['ip', '-batch', '-'], { input, timeoutMs: ANSWER_MS, ...(signal && { signal }) });
}

export interface LinkState {
  readonly isUp: boolean;
  readonly mtu: number;
  /** How many packets its queue holds; 0: it never had one. */
  readonly queueLength: number;
}

interface ShownLink {
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly txqlen?: number;
}

export async function linkState(side: Commander, device: string): Promise<LinkState> {
  const { stdout } = await side.exec(['ip', '-json', 'link', 'show', 'dev', device], { timeoutMs: ANSWER_MS });
  const [link] = JSON.parse(stdout) as readonly ShownLink[];
  if (!link) throw new Error(`${side.name}: there is no interface ${device}`);
  return { isUp: link.flags.includes('UP'), mtu: link.mtu, queueLength: link.txqlen ?? 0 };
}

export interface Held {
  readonly local: string;
  readonly prefixlen: number;
  readonly broadcast?: string;
}

export async function addresses(side: Commander, device: string): Promise<readonly Held[]> {
  const argv = ['ip', '-json', '-4', 'address', 'show', 'dev', device];
  const { stdout } = await side.exec(argv, { timeoutMs: ANSWER_MS });
  return (JSON.parse(stdout) as readonly { addr_info?: readonly Held[] }[]).flatMap(({ addr_info: all }) => all ?? []);
}

/** Every IPv4 route of the main table that somebody added, as `ip route replace` takes it. Those of addresses are the kernel's own. */
export async function addedRoutes(side: Commander): Promise<readonly string[]> {
  const { stdout } = await side.exec(['ip', '-4', 'route', 'show'], { timeoutMs: ANSWER_MS });
  return stdout
    .split('\n')
    .map((line) => line.replaceAll(/ (linkdown|dead)\b/g, '').trim())
    .filter((line) => line && !/\bproto kernel\b/.test(line));
}

export const isOn =
  (device: string) =>
  (route: string): boolean =>
    route.split(' ').includes(device);
/** Through another machine: a backend that routes has made it. */
export const isRouted = (route: string): boolean => /^10\.42\..* via /.test(route);

export const replaceRoutes = (routes: readonly string[]): readonly string[] =>
  routes.map((route) => `route replace ${route}`);

type Text = string | number | boolean | undefined;

/** A ledger knows texts: a line each. */
export const asText = (lines: readonly string[]): string => lines.join('\n');
export const asLines = (text: Text): readonly string[] =>
  text === undefined ? [] : String(text).split('\n').filter(Boolean);
