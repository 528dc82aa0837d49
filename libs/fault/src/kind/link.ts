/** An interface that was taken down, and what must be brought back with it: the routes that died, and by whom. */
import { done, notYet, waitFor, type Commander } from '@faultline/control';
import { addedRoutes, asLines, asText, ip, isOn, isRouted, linkState, replaceRoutes } from '../routes.ts';
import type { Scene } from './act.ts';
import type { Memory } from './change.act.ts';

/** Flannel looks after the routes of host-gw every 10 s. */
const BACK_MS = 25_000;

/** `left`: what Flannel made is Flannel's to make again, where there is one; elsewhere it is ours, as everything else. */
export async function routesOf({ node, servers }: Scene): Promise<{ readonly routes: string; readonly left: string }> {
  const routes = (await addedRoutes(node.side)).filter(isOn(node.interface));
  return { routes: asText(routes), left: asText(servers.length > 0 ? routes.filter(isRouted) : []) };
}

/** What a system's own network scripts restore: all but Flannel's. */
export function ours({ routes, left }: Memory): readonly string[] {
  const lines = asLines(left);
  return asLines(routes).filter((route) => !lines.includes(route));
}

/** As an interface comes up by itself. */
export async function comeUp(side: Commander, memory: Memory): Promise<void> {
  await ip(side, [`link set dev ${memory['device']} up`, ...replaceRoutes(ours(memory))]);
}

/** Everything at once, Flannel's as well: for the dead, after whom nobody waits. */
export async function raise(side: Commander, { device, routes }: Memory): Promise<string> {
  const { isUp } = await linkState(side, String(device));
  const lost = await missing(side, asLines(routes));
  if (isUp && lost.length === 0) return `${device} was up`;
  await ip(side, [`link set dev ${device} up`, ...replaceRoutes(lost)]);
  return `${device} is up again, and ${lost.length} of its routes back`;
}

/** @returns who brought what back, and when. */
export async function untilRouted(side: Commander, { left }: Memory): Promise<string> {
  const wanted = asLines(left);
  if (wanted.length === 0) return 'all routes are back';
  const since = performance.now();
  try {
    await waitFor(
      `Flannel's routes are back on ${side.name}`,
      async () => {
        const lost = await missing(side, wanted);
        return lost.length === 0 ? done(undefined) : notYet(`${lost.length} of ${wanted.length} are missing`);
      },
      { withinMs: BACK_MS, everyMs: 100 },
    );
    const after = ((performance.now() - since) / 1000).toFixed(1);
    return `Flannel's ${wanted.length} routes were back ${after} s after healing`;
  } catch {
    const lost = await missing(side, wanted);
    await ip(side, replaceRoutes(lost));
    return `Flannel did not bring ${lost.length} routes back within ${BACK_MS / 1000} s: we did`;
  }
}

async function missing(side: Commander, wanted: readonly string[]): Promise<readonly string[]> {
  const there = await addedRoutes(side);
  return wanted.filter((route) => !there.includes(route));
}
