/** What a stream of answers says about when traffic was cut and when it was back. Pure; milliseconds of one clock. */

/** A datagram, or a ping, so often. */
export const EVERY_MS = 5;

/** How long a time is looked at, and how few answers of those that were due in it make it cut. */
const WINDOW_MS = 200;
const CUT_SHARE = 0.5;

const within = (answers: readonly number[], from: number, ms: number): number =>
  answers.filter((time) => time > from && time <= from + ms).length;

/** Whether most of what was sent in the time after the instant had no answer. */
export const isCut = (answers: readonly number[], from: number): boolean =>
  within(answers, from, WINDOW_MS) < (WINDOW_MS / EVERY_MS) * CUT_SHARE;

/** Whether most of what was sent just before the instant had no answer. */
export const isCutBefore = (answers: readonly number[], at: number): boolean => isCut(answers, at - WINDOW_MS);

/** By then the last answers of the time before an instant are there, and can be counted. */
export const TOLD_MS: number = WINDOW_MS + 100;

/**
 * From the kill to the end of the last cut that had begun when everything was undone: a node that shuts down in order answers
 * until it is down, and a link that flaps in between.
 * @param undone `TOLD_MS` ago, or longer.
 * @returns null: it was not cut; undefined: it still is.
 */
export function restoredAfter(answers: readonly number[], killed: number, undone: number): number | null | undefined {
  let cut: number | undefined;
  for (let time = killed - WINDOW_MS; time <= undone; time += EVERY_MS) if (isCut(answers, time)) cut = time;
  if (cut === undefined) return null;
  const since = cut;
  // One that no others follow was under way.
  const first = answers.find((time) => time > since && !isCut(answers, time - 1));
  return first === undefined ? undefined : Math.max(0, first - killed);
}
