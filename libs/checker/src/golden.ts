/** The data plane of every node is what its backend should have programmed there: every line, and no other. */
import type { EventOf } from '@faultline/history';
import { machinesOf } from './address.ts';
import { eventsOf } from './facts.ts';
import { result, type Check, type Situation } from './standing.ts';

type Golden = EventOf<'golden'>;

const AFTER: Readonly<Record<Golden['when'], string>> = { booted: 'after boot', healed: 'after healing' };

/** Lines are written out up to here: a node that was told nothing at all lacks dozens. */
const MOST_LINES = 12;

/** Silent where nothing was compared, as with a CNI of the user's own. */
export function goldenDataPlane({ facts }: Situation): ReturnType<Check> {
  const compared = eventsOf(facts.events, 'golden');
  if (compared.length === 0) return undefined;
  const wrong = compared.flatMap(differences);
  if (wrong.length > 0) {
    const more = wrong.length > MOST_LINES ? `; and ${wrong.length - MOST_LINES} more` : '';
    return result('fail', `the data plane is not what it should be: ${wrong.slice(0, MOST_LINES).join('; ')}${more}`);
  }
  const nodes = new Set(compared.map(({ node }) => node));
  const unseen = machinesOf(facts.events).filter(({ name, role }) => role !== 'balancer' && !nodes.has(name));
  if (unseen.length > 0)
    return result('inconclusive', `not compared: the data plane of ${unseen.map(({ name }) => name).join(', ')}`);
  const stages = [...Map.groupBy(compared, ({ when }) => when)].map(([when, events]) => {
    const lines = events.reduce((sum, { checked }) => sum + checked, 0);
    return `${lines} lines on ${events.length} nodes ${AFTER[when]}`;
  });
  return result('pass', `${compared[0]?.backend}: ${stages.join(', ')}; none missing, none beyond`);
}

function differences({ node, when, missing, extra }: Golden): readonly string[] {
  const lines = [...missing.map((line) => `lacks "${line}"`), ...extra.map((line) => `has beyond it "${line}"`)];
  return lines.map((line) => `${node} ${AFTER[when]} ${line}`);
}
