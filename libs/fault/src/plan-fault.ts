/** Checks a fault before anything is booted, so that a misspelt parameter costs milliseconds and not a cluster. */
import { nearest } from '@faultline/control/plan';
import { shapeProblems } from './fault-shape.ts';
import { FAULT_KINDS } from './kind/all.ts';
import type { FaultKind, Parameter } from './kind/kind.ts';
import { arePeers } from './peers.ts';
import { arePorts } from './ports.ts';
import type { FaultParameters, FaultPlan } from './spec.ts';

/** A fault that cannot be: each line names what was wrong, what is allowed, and the nearest valid name. */
export class FaultPlanError extends Error {
  readonly problems: readonly string[];
  constructor(what: string, problems: readonly string[]) {
    super(
      problems.length === 1
        ? `${what}: ${problems[0]}`
        : [`${what}:`, ...problems.map((problem) => `  - ${problem}`)].join('\n'),
    );
    this.name = 'FaultPlanError';
    this.problems = problems;
  }
}

/** @throws FaultPlanError when there is no such kind. */
export function faultKind(name: string): FaultKind {
  const found = FAULT_KINDS.find((kind) => kind.name === name);
  if (found) return found;
  throw new FaultPlanError('fault', [
    unknown(
      'kind',
      name,
      FAULT_KINDS.map((kind) => kind.name),
    ),
  ]);
}

/** Whether the node is another life of itself when the fault is healed: its side-car is gone, and the cluster has to revive it. */
export function restartsNode({ kind, parameters }: Pick<FaultPlan, 'kind' | 'parameters'>): boolean {
  return faultKind(kind).restartsNode?.(parameters) ?? false;
}

/** The longest a fault may wait or last. Longer is a typing error, or a job for a cluster that is kept. */
const LONGEST_MS = 3_600_000;
const WORD = /^[a-z0-9-]{1,32}$/;
const ID = /^[a-z0-9][a-z0-9-]{0,39}$/;

/**
 * The same fault, checked, with the defaults of its parameters filled in.
 * @throws FaultPlanError with every problem at once.
 */
export function planFault(fault: FaultPlan): FaultPlan {
  const shape = shapeProblems(fault);
  if (shape.length > 0) throw new FaultPlanError('fault', shape);
  const kind = faultKind(fault.kind);
  const problems = [
    ...(ID.test(fault.id) ? [] : [`id ${show(fault.id)}: allowed are lower-case letters, digits and -, at most 40`]),
    ...timing('afterMs', fault.afterMs, 0),
    ...timing('lastingMs', fault.lastingMs, 1),
    ...parameterProblems(kind, fault.parameters),
  ];
  if (problems.length > 0) throw new FaultPlanError(`fault ${fault.kind}`, problems);
  const { id, target, afterMs, lastingMs } = fault;
  return { id, kind: kind.name, parameters: { ...defaultsOf(kind), ...fault.parameters }, target, afterMs, lastingMs };
}

function timing(name: string, value: number, least: number): string[] {
  if (Number.isFinite(value) && value >= least && value <= LONGEST_MS) return [];
  return [`${name} ${show(value)}: allowed are ${least} to ${LONGEST_MS} milliseconds`];
}

function parameterProblems(kind: FaultKind, given: FaultParameters): string[] {
  const known = Object.keys(kind.parameters);
  const strangers = Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => unknown('parameter', name, known));
  const wrong = Object.entries(kind.parameters).flatMap(([name, parameter]) => {
    const value = Object.hasOwn(given, name) ? given[name] : parameter.default;
    if (value === undefined)
      return [`parameter ${name} is missing (${parameter.sentence}): allowed are ${allowedValues(parameter)}`];
    if (fits(parameter, value)) return [];
    const near = parameter.type === 'choice' && typeof value === 'string' ? nearest(value, parameter.of) : undefined;
    return [
      `parameter ${name}: ${show(value)}: allowed are ${allowedValues(parameter)}${near ? `; did you mean ${near}?` : ''}`,
    ];
  });
  return [...strangers, ...wrong];
}

function fits(parameter: Parameter, value: string | number | boolean): boolean {
  switch (parameter.type) {
    case 'integer':
      return Number.isInteger(value) && Number(value) >= parameter.min && Number(value) <= parameter.max;
    case 'number':
      return Number.isFinite(value) && Number(value) >= parameter.min && Number(value) <= parameter.max;
    case 'choice':
      return typeof value === 'string' && parameter.of.includes(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'word':
      return typeof value === 'string' && WORD.test(value);
    case 'ports':
      return arePorts(value);
    case 'peers':
      return arePeers(value);
  }
}

/** In words: `whole numbers from 1 to 65535`. */
export function allowedValues(parameter: Parameter): string {
  switch (parameter.type) {
    case 'integer':
      return `whole numbers from ${parameter.min} to ${parameter.max}`;
    case 'number':
      return `numbers from ${parameter.min} to ${parameter.max}`;
    case 'choice':
      return parameter.of.join(', ');
    case 'boolean':
      return 'true, false';
    case 'word':
      return 'a word of lower-case letters, digits and -, at most 32';
    case 'ports':
      return "a port from 1 to 65535, or several and ranges that do not overlap: '2379-2380, 30000-32767'";
    case 'peers':
      return "names of machines ('agent-1, client'), or others, or anyone";
  }
}

function defaultsOf(kind: FaultKind): FaultParameters {
  return Object.fromEntries(
    Object.entries(kind.parameters).flatMap(([name, parameter]) =>
      parameter.default === undefined ? [] : [[name, parameter.default]],
    ),
  );
}

function unknown(what: string, name: string, valid: readonly string[]): string {
  const near = nearest(name, valid);
  const list = valid.length > 0 ? `allowed are ${valid.join(', ')}` : 'there are none';
  return `unknown ${what} ${show(name)}: ${list}${near ? `; did you mean ${near}?` : ''}`;
}

const show = (value: unknown): string => JSON.stringify(value) ?? String(value);
