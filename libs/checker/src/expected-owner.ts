/** Judges who answered who-has for the clients' address. */
import { answer, type Answer, type Judged, type Of } from './judged.ts';

export function owner(_: Of<'owner'>, __: Judged): Answer {
  return answer('inconclusive', 'not judged yet');
}
