/** Asks the scenarios of the Ingress specification of the Traefik that runs. */
import { done, notYet, waitFor } from '@faultline/control';
import type { Case, Reply } from '../assertion.ts';
import { ask } from './ask.ts';
import { catchAllCases, ingressCases } from './conformance.ts';
import { answeredBy, backends } from './ingress.ts';
import type { Asking } from './objects.ts';
import type { ScenarioSeen } from './seen.ts';

/** @param app image of the userlist. */
export async function seeScenarios(app: string, asking: Asking): Promise<Readonly<Record<string, ScenarioSeen>>> {
  const said = await asking.kubectl.apply(backends(app));
  if (said !== 'applied') throw new Error(`the backends were ${said}`);
  for (const name of ['one', 'two', 'three']) {
    await asking.kubectl.run('rollout', 'status', `deployment/back-${name}`, '--timeout=50s');
  }
  const own = await seeCases(ingressCases, asking);
  return { ...own, ...(await seeCases(catchAllCases, asking)) };
}

async function seeCases(cases: readonly Case[], asking: Asking): Promise<Readonly<Record<string, ScenarioSeen>>> {
  const said = await asking.kubectl.apply(cases.map(({ manifest }) => manifest).join('---\n'));
  if (said !== 'applied') throw new Error(`the scenarios were ${said}`);
  await untilRead(cases, asking);
  const seen: Record<string, ScenarioSeen> = {};
  for (const one of cases) seen[one.name] = await seeCase(one, asking);
  return seen;
}

async function seeCase({ assertions }: Case, { client, door, signal }: Asking): Promise<ScenarioSeen> {
  const asked: ScenarioSeen['asked'][number][] = [];
  for (const { what, requests, saw, expected } of assertions) {
    const replies: Reply[] = [];
    for (const request of requests) replies.push(await ask(client, door, request, signal));
    asked.push({ what, specified: expected?.to ?? '', saw: saw(replies) });
  }
  return { asked };
}

/** The last of them has somebody who answers: then Traefik has read them all. */
async function untilRead(cases: readonly Case[], { client, door, signal }: Asking): Promise<void> {
  const request = cases.at(-1)?.assertions[0]?.requests[0];
  if (!request) return;
  await waitFor(
    'Traefik has read the scenarios',
    async (until) => {
      const by = answeredBy(await ask(client, door, request, until));
      return by === 'nobody' ? notYet(by) : done(by);
    },
    { signal, withinMs: 60_000, everyMs: 500 },
  );
}
