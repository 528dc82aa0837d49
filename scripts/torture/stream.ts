/** What a stream of answers says about when traffic was cut and when it was back. Pure; milliseconds of one clock. */

/** A datagram, or a ping, so often. */
export const EVERY_MS = 5;

/** How long before the kill is looked at, and how few answers of those that were due make it cut. */
const BEFORE_MS = 200;
const CUT_SHARE = 0.5;

/** Whether most of what was sent just before the instant had no answer. */
export function isCut(answers: readonly number[], at: number): boolean {
  const due = BEFORE_MS / EVERY_MS;
  return answers.filter((time) => time > at - BEFORE_MS && time <= at).length < due * CUT_SHARE;
}

/** Within so long after the first answer as many must follow: one that was under way is no traffic. */
const STEADY_MS = 100;

/** From the instant to the first answer that others follow; undefined: not yet. */
export function restoredAfter(answers: readonly number[], at: number): number | undefined {
  const later = answers.filter((time) => time > at);
  const enough = (STEADY_MS / EVERY_MS) * CUT_SHARE;
  const first = later.find(
    (time) => later.filter((other) => other >= time && other < time + STEADY_MS).length >= enough,
  );
  return first === undefined ? undefined : first - at;
}
