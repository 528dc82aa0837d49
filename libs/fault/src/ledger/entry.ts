/**
 * The write-ahead ledger, as text: what was about to be done, what was done, what was undone.
 *
 * It is data, and is read with suspicion: after a crash it decides what is undone on this host, by people who may not
 * have written it. Every line is checked; a kind or a line that is not known is refused, never guessed at.
 */
import type { Owner } from '@faultline/control';
import type { Nanoseconds } from '@faultline/history';
import { FAULT_KINDS } from '../kind/all.ts';
import type { FaultParameters } from '../spec.ts';

export const LEDGER_VERSION = 1;

/** A deed that must be undone: one fault on one node. */
export interface Intent {
  readonly type: 'intent';
  readonly fault: string;
  readonly kind: string;
  readonly parameters: FaultParameters;
  readonly node: string;
  /** The engine's ids of the node and of its side-car. */
  readonly container: string;
  readonly side: string;
  /** The engine's ids of the k3s servers, by which Kubernetes is asked. */
  readonly servers?: readonly string[];
  /** What the survey saw, and undoing must know: how it was before. */
  readonly memory?: FaultParameters;
  /** On CLOCK_MONOTONIC: later the supervisor heals it whatever the harness says. */
  readonly expires: Nanoseconds;
}

export type LedgerLine =
  | { readonly type: 'open'; readonly version: number; readonly run: string; readonly owner: Owner }
  | Intent
  | { readonly type: 'effect'; readonly fault: string }
  | {
      readonly type: 'undo';
      readonly fault: string;
      readonly node: string;
      readonly by: 'harness' | 'supervisor' | 'doctor';
      readonly outcome: string;
    };

export interface Ledger {
  readonly run: string;
  readonly owner: Owner;
  /** Intents without an undo, oldest first. An intent without an effect counts: the deed may have been done. */
  readonly inForce: readonly Intent[];
}

export class LedgerError extends Error {
  constructor(path: string, line: number, reason: string) {
    super(
      `${path}:${line}: ${reason}. A ledger is written by Faultline alone. Next: look at it, and remove the file if it is not ours`,
    );
    this.name = 'LedgerError';
  }
}

/**
 * A last line without its newline is what a power cut leaves: its deed was not begun, for the line is on the disk before.
 * @throws LedgerError naming the line that is not ours.
 */
export function parseLedger(text: string, path = 'ledger'): Ledger {
  const lines = text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => checked(line, path, index + 1));
  const [open, ...rest] = lines;
  if (open?.type !== 'open') throw new LedgerError(path, 1, 'it does not begin with whose it is');
  if (open.version !== LEDGER_VERSION)
    throw new LedgerError(path, 1, `version ${open.version}, this Faultline reads ${LEDGER_VERSION}`);
  const inForce = new Map<string, Intent>();
  for (const line of rest) {
    if (line.type === 'intent') inForce.set(`${line.fault} ${line.node}`, line);
    if (line.type === 'undo') inForce.delete(`${line.fault} ${line.node}`);
  }
  return { run: open.run, owner: open.owner, inForce: [...inForce.values()] };
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const CONTAINER = /^[0-9a-f]{12,64}$/;

const isName = (value: unknown): boolean => typeof value === 'string' && NAME.test(value);
const isContainer = (value: unknown): boolean => typeof value === 'string' && CONTAINER.test(value);
const isText = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
const isKind = (value: unknown): boolean => FAULT_KINDS.some(({ name }) => name === value);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isOwner = (value: unknown): boolean =>
  isObject(value) && fits(value, { boot: isText, pid: isNumber, started: isText });
const isParameters = (value: unknown): boolean =>
  isObject(value) && Object.values(value).every((each) => ['string', 'number', 'boolean'].includes(typeof each));
const isContainers = (value: unknown): boolean => Array.isArray(value) && value.every(isContainer);
const perhaps = (is: (value: unknown) => boolean) => (value: unknown) => value === undefined || is(value);

type Shape = Readonly<Record<string, (value: unknown) => boolean>>;

const SHAPES: Readonly<Record<string, Shape>> = {
  open: { type: isText, version: isNumber, run: isName, owner: isOwner },
  intent: {
    type: isText,
    fault: isName,
    kind: isKind,
    parameters: isParameters,
    node: isName,
    container: isContainer,
    side: isContainer,
    servers: perhaps(isContainers),
    memory: perhaps(isParameters),
    expires: isNumber,
  },
  effect: { type: isText, fault: isName },
  undo: { type: isText, fault: isName, node: isName, by: isText, outcome: isText },
};

function checked(line: string, path: string, number: number): LedgerLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new LedgerError(path, number, 'not a JSON object');
  }
  // Own properties only: every object is born with a `constructor`, and no ledger is.
  const shape =
    isObject(value) && Object.hasOwn(SHAPES, String(value['type'])) ? SHAPES[String(value['type'])] : undefined;
  if (!isObject(value) || !shape) throw new LedgerError(path, number, 'not a line that a ledger has');
  const wrong = Object.keys({ ...shape, ...value }).find(
    (key) => !Object.hasOwn(shape, key) || !shape[key]?.(value[key]),
  );
  if (wrong) throw new LedgerError(path, number, `${wrong} is ${JSON.stringify(value[wrong]) ?? 'missing'}`);
  return value as LedgerLine;
}

function fits(value: Readonly<Record<string, unknown>>, shape: Shape): boolean {
  return Object.entries(shape).every(([key, fit]) => fit(value[key]));
}
