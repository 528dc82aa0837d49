/** The assertion list, asked of one Traefik: by a client on the LAN, as browsers do, one connection for each request. */
import type { Commander } from '@faultline/control';
import { elapse } from '@faultline/control';
import type { History, UpgradeStep } from '@faultline/history';
import type { Assertion, Case, Door, Reply } from './assertion.ts';
import { ask } from './corpus/ask.ts';

/** What differs from what the old one said is asked once more after this: a pod may just have moved. */
const AGAIN_AFTER_MS = 3_000;
/** Each is a process in the client. */
const AT_ONCE = 6;

export interface Listing {
  readonly client: Commander;
  readonly door: Door;
  readonly history: Pick<History, 'append'>;
  readonly signal: AbortSignal;
}

/** By case and assertion: what was seen. */
export type Seen = ReadonlyMap<string, string>;

const keyOf = (one: Case, { what }: Assertion): string => `${one.name}: ${what}`;

/** Asks all of them, and appends what came of each. @param before what it is to be held against. */
export async function askList(
  step: UpgradeStep,
  cases: readonly Case[],
  before: Seen,
  { client, door, history, signal }: Listing,
): Promise<Seen> {
  const asked = cases.flatMap((one) => one.assertions.map((assertion) => ({ one, assertion })));
  const seen = new Map<string, string>();
  for (let at = 0; at < asked.length; at += AT_ONCE) {
    const group = asked.slice(at, at + AT_ONCE);
    await Promise.all(
      group.map(async ({ one, assertion }) => {
        const key = keyOf(one, assertion);
        const replies = await surely(assertion, before.get(key), { client, door, signal });
        const saw = assertion.saw(replies);
        seen.set(key, saw);
        const expected = step === 'old' || step === 'back' ? assertion.expected?.from : assertion.expected?.to;
        history.append({
          type: 'upgrade.asked',
          step,
          case: one.name,
          what: assertion.what,
          saw,
          statuses: replies.map(({ status }) => status),
          asExpected: expected === undefined ? null : expected === saw,
        });
      }),
    );
  }
  return seen;
}

async function surely(
  assertion: Assertion,
  before: string | undefined,
  how: Omit<Listing, 'history'>,
): Promise<readonly Reply[]> {
  const replies = await inTurn(assertion, how);
  const wanted = [before, assertion.expected?.to, assertion.expected?.from].filter((one) => one !== undefined);
  if (wanted.length === 0 || wanted.includes(assertion.saw(replies))) return replies;
  await elapse(AGAIN_AFTER_MS, how.signal);
  return inTurn(assertion, how);
}

/** One after the other, with the cookies that the answers before have set. */
async function inTurn(
  { requests }: Assertion,
  { client, door, signal }: Omit<Listing, 'history'>,
): Promise<readonly Reply[]> {
  const replies: Reply[] = [];
  let cookie: string | undefined;
  for (const request of requests) {
    const headers = { ...request.headers, ...(cookie !== undefined && { cookie }) };
    const reply = await ask(client, door, { ...request, headers }, signal);
    cookie = reply.headers['set-cookie']?.split(';')[0] ?? cookie;
    replies.push(reply);
  }
  return replies;
}
