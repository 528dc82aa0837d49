/** Several faults: which one times count from, what each is called, and the table of them with their proofs. */
import { eventsOf, seconds, type FaultMeasure, type Verdict } from '@faultline/checker';
import type { Stamped } from '@faultline/history';
import { markdown } from './clean.ts';
import { NOTHING, type Markup } from './markup.ts';
import { name, NONE, section, table } from './table.ts';

/** The fault that every time counts from. */
export function zeroFault({ faults, subject }: Verdict): FaultMeasure | undefined {
  return faults.find(({ fault }) => fault === subject) ?? faults[0];
}

/** What the zero of all times is called: `the fault`; of several `fault-1`. */
export function zeroName(verdict: Verdict): string {
  return verdict.faults.length > 1 ? (zeroFault(verdict)?.fault ?? 'the fault') : 'the fault';
}

const HEAD = ['fault', 'what', 'on', 'in force', 'healed', 'proof', 'proof of healing'];
const NOTE =
  'Each in the time in which it was in force, seconds from ZERO; the proof is what was read back, and seen to act, at its end.';

/** One row each, as text; none where there is only one fault: then the checks say it all. */
function rowsOf(verdict: Verdict, events: readonly Stamped[]): readonly (readonly string[])[] {
  if (verdict.faults.length < 2) return [];
  const shift = zeroFault(verdict)?.inForce ?? 0;
  const proofs = eventsOf(events, 'fault.prove');
  const at = (ms: number | null): string => (ms === null ? NONE : seconds(ms - shift));
  return verdict.faults.map(({ fault, kind, nodes, parameters, inForce, healed }) => {
    const words = Object.entries(parameters).map(([key, value]) => `${key}=${String(value)}`);
    const proof = (when: 'injected' | 'healed'): string =>
      proofs.findLast((event) => event.fault === fault && event.when === when)?.detail ?? NONE;
    return [
      fault,
      [kind, ...words].join(' '),
      nodes.join(', '),
      at(inForce),
      at(healed),
      proof('injected'),
      proof('healed'),
    ];
  });
}

export function faultTable(verdict: Verdict, events: readonly Stamped[]): Markup {
  const rows = rowsOf(verdict, events).map(([fault = '', ...rest]) => [name(fault), ...rest]);
  return rows.length === 0
    ? NOTHING
    : section('The faults', NOTE.replace('ZERO', zeroName(verdict)), table(HEAD, rows, [3, 4]));
}

/** The same for Markdown. */
export function faultLines(verdict: Verdict, events: readonly Stamped[]): readonly string[] {
  const rows = rowsOf(verdict, events);
  if (rows.length === 0) return [];
  return [
    `| ${HEAD.join(' | ')} |`,
    `|${HEAD.map((_, column) => (column === 3 || column === 4 ? '---:' : '---')).join('|')}|`,
    ...rows.map((row) => `| ${row.map(markdown).join(' | ')} |`),
    '',
  ];
}
