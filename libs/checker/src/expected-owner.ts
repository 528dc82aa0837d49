/** Judges who answered who-has for the clients' address. */
import { askedInForce, lastAsked, written as whoIs, type AddressFacts, type Question } from './address.ts';
import { answer, passIf, type Answer, type Judged, type Of } from './judged.ts';
import { describeDoubles, doubles, instant } from './owners.ts';
import { seconds } from './wording.ts';

/** Of the questions between the first and the last that two answered: fewer are accidents, no split. */
const MOSTLY = 0.5;

export function owner({ is, atLeastMs = 0 }: Of<'owner'>, situation: Judged): Answer {
  const { address, when } = situation;
  const asked = askedInForce(address, when);
  if (asked.length === 0) return answer('inconclusive', 'nobody asked who-has while the fault was in force');
  if (is === 'two') return two(atLeastMs, situation);
  if (address.before.length !== 1)
    return answer(
      'inconclusive',
      `${list(address.before, address)} answered who-has before the fault, not one machine`,
    );
  return { same, moves, nobody }[is](asked, lastAsked(address, when), situation);
}

const list = (macs: readonly string[], address: AddressFacts): string =>
  macs.map((mac) => whoIs(mac, address)).join(' and ') || 'nobody';

const ownersIn = (questions: readonly Question[]): readonly string[] => [
  ...new Set(questions.flatMap(({ owners }) => owners)),
];

type Judge = (asked: readonly Question[], last: readonly Question[], situation: Judged) => Answer;

/** Now and then an answer is lost; that it is there at the end says that the address stayed. */
const same: Judge = (asked, last, { address, when }) => {
  const { before } = address;
  const other = asked.find(({ owners }) => owners.some((mac) => !before.includes(mac)));
  const saw = `${list(before, address)} answered ${count(asked, before)} of ${asked.length} who-has while the fault was in force`;
  if (other)
    return answer(
      'fail',
      `${saw}, and ${list(other.owners, address)} one ${instant(other.sent, when)}; expected nobody else`,
    );
  return passIf(
    count(last, before) > 0,
    `${saw}, ${count(last, before)} of the last ${last.length}; expected the same to the end`,
  );
};

const moves: Judge = (asked, last, { address, when }) => {
  const now = ownersIn(last);
  const isMoved = now.length === 1 && !now.includes(address.before[0] ?? '');
  const first = asked.find(({ owners }) => owners.some((mac) => now.includes(mac)));
  const since = isMoved && first ? `, since ${instant(first.sent, when)}` : '';
  const saw = `${list(now, address)} answered ${count(last, now)} of the last ${last.length} who-has${since}`;
  return passIf(isMoved, `${saw}; before the fault ${list(address.before, address)}; expected another, and only one`);
};

const nobody: Judge = (asked, last, { address }) => {
  const now = ownersIn(last);
  const saw = `${list(now, address)} answered ${count(last, now)} of the last ${last.length} who-has`;
  return passIf(
    now.length === 0,
    `${saw}, ${count(asked, ownersIn(asked))} of ${asked.length} in all; expected nobody any more`,
  );
};

const count = (questions: readonly Question[], macs: readonly string[]): number =>
  questions.filter(({ owners }) => owners.some((mac) => macs.includes(mac))).length;

/** Also what comes when it is healed counts: a cable that is plugged back brings the old owner with it. */
function two(atLeastMs: number, { address, when }: Judged): Answer {
  const wanted = `expected two owners at once for at least ${seconds(atLeastMs)}`;
  const later = { ...address, questions: address.questions.filter(({ sent }) => sent >= when.begin) };
  const found = doubles(later);
  if (!found)
    return answer('fail', `no who-has of ${later.questions.length} since the fault was answered by two; ${wanted}`);
  const isRight = (found.last - found.first) / 1e6 >= atLeastMs && found.count >= MOSTLY * found.asked;
  return passIf(isRight, `${describeDoubles(found, address, when)}; ${wanted}`);
}

export function ownersOverlap({ atMostMs }: Of<'owners-overlap'>, { address, when }: Judged): Answer {
  const later = { ...address, questions: address.questions.filter(({ sent }) => sent >= when.begin) };
  if (later.questions.length === 0) return answer('inconclusive', 'nobody asked who-has since the fault');
  const found = doubles(later);
  const allowed = `two may answer for at most ${seconds(atMostMs)}`;
  if (!found)
    return answer('pass', `one owner in each of ${later.questions.length} who-has since the fault; ${allowed}`);
  return passIf((found.last - found.first) / 1e6 <= atMostMs, `${describeDoubles(found, address, when)}; ${allowed}`);
}
