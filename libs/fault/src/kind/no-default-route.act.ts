/**
 * Takes away the routes by which a packet to nowhere in particular leaves the node.
 *
 * Our nodes have an unreachable default and a route of their own to Services instead (cluster's `service-route.ts`): both
 * are the same to kube-proxy, which translates an address only after the kernel has found a way for it. Pods are not
 * concerned, for their packets are translated first.
 */
import { addedRoutes, asLines, asText, ip, replaceRoutes } from '../routes.ts';
import type { Act } from './act.ts';
import { changeAct } from './change.act.ts';

/** k3s' Service of the API. */
const SERVICE = '10.43.0.1';
const LEADS_OUT = /^(default|10\.43\.0\.0\/16) (?!.*\bunreachable\b)/;

export const noDefaultRouteAct: Act = changeAct({
  async survey({ node }) {
    const routes = (await addedRoutes(node.side)).filter((route) => LEADS_OUT.test(route));
    if (routes.length > 0) return { routes: asText(routes) };
    throw new Error(
      `${node.name} has no default route, and none to Services: there is nothing to lose. Allowed on: k3s`,
    );
  },
  strike: (side, { routes }, signal) =>
    ip(
      side,
      asLines(routes).map((route) => `route delete ${route}`),
      signal,
    ),
  async look(side, { routes }) {
    const there = await addedRoutes(side);
    const left = asLines(routes).filter((route) => there.includes(route));
    return { inForce: left.length === 0, detail: `${left.length} of ${asLines(routes).length} routes are there` };
  },
  async seen({ node: { side } }, _memory, signal) {
    const { exitCode, stderr, stdout } = await side.exec(['ip', 'route', 'get', SERVICE], { signal, accept: 'any' });
    return { effect: exitCode !== 0, detail: `the way to ${SERVICE}: ${(stderr || stdout).trim().split('\n')[0]}` };
  },
  async restore(side, { routes }) {
    await ip(side, replaceRoutes(asLines(routes)));
    return `${asLines(routes).length} routes are back`;
  },
});
