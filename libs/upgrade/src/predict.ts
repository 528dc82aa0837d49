/** What lint says of the cases, before anything is done. Pure. */
import { lint, releaseOf } from '@faultline/traefik';
import type { RunEvent } from '@faultline/history';
import type { Case } from './assertion.ts';

type Predicted = Extract<RunEvent, { type: 'upgrade.predicted' }>;

/** All cases are judged together: values in one decide how the rules of another are read. */
export function predict(cases: readonly Case[], from: string, to: string): readonly Predicted[] {
  const inputs = cases.map(({ name, manifest }) => ({ file: name, text: manifest }));
  const { findings } = lint(inputs, { from: releaseOf(from), to: releaseOf(to) });
  return findings.map(({ rule, severity, place, object, path, message }) => ({
    type: 'upgrade.predicted',
    case: place.file,
    rule,
    severity,
    object: `${object.kind} ${[object.namespace, object.name].filter(Boolean).join('/')}`,
    path,
    message,
  }));
}
