/**
 * What the looks at a fault say: that it was what its plan says and nothing else, for all of its time, and that what it must
 * leave alone went on. Histories from before there were looks say nothing, and nothing is held against them.
 */
import type { EventOf } from '@faultline/history';
import { eventsOf, type FaultFacts } from './facts.ts';
import type { Check } from './standing.ts';

type Look = EventOf<'fault.look'>;

const WHEN: Readonly<Record<Look['when'], string>> = {
  injected: 'right after its injection',
  between: 'in between',
  end: 'at its end',
  healed: 'after healing',
};
const SHOWN = 3;

/** The text of it, on the machines meant and on no other; there at every look; and the same thing at every look. */
export const asPlanned: Check = ({ facts }) => {
  const looked = facts.faults.map((fault) => ({ fault, looks: whileInForce(facts.events, fault) }));
  const some = looked.filter(({ looks }) => looks.length > 0);
  if (some.length === 0) return undefined;
  const doubts = some.flatMap(({ fault, looks }) => doubtsAbout(fault, looks));
  if (doubts.length > 0) return { outcome: 'inconclusive', reason: `not as planned: ${doubts.join('; ')}` };
  const reasons = some.map(({ fault: { kind, nodes }, looks }) => {
    const { planned } = looks.at(-1) ?? {};
    const what = planned === null || planned === undefined ? 'in force' : `exactly the ${planned} lines of its plan`;
    return `${kind}: ${what} on ${nodes.join(', ')} at each of ${looks.length} looks`;
  });
  return { outcome: 'pass', reason: reasons.join('; ') };
};

function doubtsAbout({ kind }: FaultFacts, looks: readonly Look[]): readonly string[] {
  const missing = (['injected', 'end'] as const).filter((when) => !looks.some((look) => look.when === when));
  return [
    ...missing.map((when) => `${kind} was not looked at ${WHEN[when]}`),
    ...looks.flatMap((look) => doubtsOf(kind, look)),
    ...looks.flatMap((look, index) => changesSince(kind, looks[index - 1], look)),
  ];
}

function doubtsOf(kind: string, { when, state, differs, detail }: Look): readonly string[] {
  const more = differs.length > SHOWN ? ` and ${differs.length - SHOWN} more` : '';
  return [
    ...(state === false ? [`${kind} was not in force ${WHEN[when]} (${detail})`] : []),
    ...(differs.length > 0
      ? [`${kind} was another than planned ${WHEN[when]}: ${differs.slice(0, SHOWN).join(' | ')}${more}`]
      : []),
  ];
}

/** The kernel numbers what is made, and never counts backwards: otherwise it was taken away and made again. */
function changesSince(kind: string, before: Look | undefined, look: Look): readonly string[] {
  if (!before) return [];
  const isAnother = (name: string): boolean =>
    before.identity[name] !== undefined &&
    look.identity[name] !== undefined &&
    before.identity[name] !== look.identity[name];
  const isLess = (name: string): boolean => (look.acted[name] ?? Infinity) < (before.acted[name] ?? 0);
  const names = Object.keys({ ...look.identity, ...look.acted }).filter((name) => isAnother(name) || isLess(name));
  if (names.length === 0) return [];
  return [`${kind} was taken away and made again on ${names.join(', ')} before the look ${WHEN[look.when]}`];
}

/** Machines that the fault must leave alone answered, every time that somebody looked. */
export const controlAlive: Check = ({ facts }) => {
  const looked = facts.faults.flatMap((fault) => whileInForce(facts.events, fault).map((look) => ({ fault, look })));
  if (looked.length === 0) return undefined;
  const died = looked.filter(({ look }) => look.dead.length > 0);
  if (died.length > 0) {
    const said = died.map(
      ({ fault: { kind }, look }) =>
        `${look.dead.join(', ')}, which ${kind} leaves alone, was silent ${WHEN[look.when]}`,
    );
    return { outcome: 'inconclusive', reason: `control died: ${said.join('; ')}` };
  }
  const names = [...new Set(looked.flatMap(({ look }) => look.alive))].toSorted();
  const reason =
    names.length === 0
      ? 'no machine was left alone that could have been a control'
      : `every machine left alone answered at each of ${looked.length} looks: ${names.join(', ')}`;
  return { outcome: 'pass', reason };
};

/** After healing, every machine answers again, the struck ones as well. */
export const aliveAfter: Check = ({ facts }) => {
  const looks = eventsOf(facts.events, 'fault.look').filter(({ when }) => when === 'healed');
  if (looks.length === 0) return undefined;
  const dead = [...new Set(looks.flatMap((look) => look.dead))];
  if (dead.length > 0) return { outcome: 'fail', reason: `${dead.join(', ')} does not answer after healing` };
  const blind = looks.find(({ state }) => state === false);
  if (blind) return { outcome: 'inconclusive', reason: blind.detail };
  const alive = [...new Set(looks.flatMap((look) => look.alive))].toSorted();
  return {
    outcome: 'pass',
    reason: alive.length === 0 ? 'nobody was asked' : `${alive.join(', ')} answered after healing`,
  };
};

function whileInForce(events: Parameters<typeof eventsOf>[0], { fault }: FaultFacts): readonly Look[] {
  return eventsOf(events, 'fault.look').filter((look) => look.fault === fault && look.when !== 'healed');
}
