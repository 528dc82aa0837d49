/** Whether something is a fault at all, before its values are looked at: plans come from files and from other programs. */
import type { Selector } from './spec.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const WITH_INDEX: readonly unknown[] = ['agent', 'server', 'balancer'] satisfies Selector['select'][];
const ALONE: readonly unknown[] = [
  'announcer',
  'bystander',
  'endpoint',
  'ingress',
  'nodes',
] satisfies Selector['select'][];

/** @returns a sentence for each thing that is of the wrong kind; empty where all is as its type says. */
export function shapeProblems(fault: unknown): string[] {
  if (!isObject(fault))
    return [`${named(fault)} is none: allowed is an object with id, kind, parameters, target, afterMs, lastingMs`];
  const { id, kind, parameters, target, afterMs, lastingMs } = fault;
  return [
    ...of('id', id, typeof id === 'string', 'a text'),
    ...of('kind', kind, typeof kind === 'string', 'a text, e.g. block-port'),
    ...of('parameters', parameters, isObject(parameters), 'an object, {} where there are none'),
    ...of('target', target, isSelector(target), 'e.g. { select: "announcer" } or { select: "agent", index: 0 }'),
    ...of('afterMs', afterMs, typeof afterMs === 'number', 'a number of milliseconds'),
    ...of('lastingMs', lastingMs, typeof lastingMs === 'number', 'a number of milliseconds'),
    ...(isObject(parameters) ? Object.entries(parameters).flatMap(([name, value]) => simple(name, value)) : []),
  ];
}

function isSelector(target: unknown): target is Selector {
  if (!isObject(target)) return false;
  const { select, index, names, ...others } = target;
  if (Object.keys(others).length > 0) return false;
  if (WITH_INDEX.includes(select)) return Number.isInteger(index) && Number(index) >= 0 && names === undefined;
  if (select === 'named')
    return (
      Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string') && index === undefined
    );
  return ALONE.includes(select) && index === undefined && names === undefined;
}

const of = (name: string, value: unknown, isRight: boolean, allowed: string): string[] =>
  isRight ? [] : [`${name} is ${named(value)}: allowed is ${allowed}`];

const simple = (name: string, value: unknown): string[] =>
  of(
    `parameter ${name}`,
    value,
    ['string', 'number', 'boolean'].includes(typeof value),
    'a text, a number, true or false',
  );

/** What it is, for an error: never by its own `toString`, which may be anybody's. */
function named(value: unknown): string {
  if (value === null || ['undefined', 'boolean'].includes(typeof value)) return String(value);
  if (typeof value === 'number' || typeof value === 'string') return JSON.stringify(value).slice(0, 80);
  return Array.isArray(value) ? 'a list' : isObject(value) ? 'an object' : `a ${typeof value}`;
}
