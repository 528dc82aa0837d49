/**
 * A session: the time in which a harness breaks things in one run, and in which somebody watches over it.
 *
 * It opens a ledger and starts the supervisor. When it is disposed, every fault is healed; when its process dies
 * instead, the kernel and the supervisor do that.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { machinesOf, type ClusterNode } from '@faultline/cluster';
import { macOf } from '@faultline/cluster/plan';
import { isAlive, onAll, thisProcess, type Engine } from '@faultline/control';
import { MILLISECOND, type History } from '@faultline/history';
import { activeFault, bracketed, type ActiveFault, type Struck } from './active.ts';
import { assertClean } from './clean.ts';
import { healLedger } from './heal-dead.ts';
import { ACTS } from './kind/all.act.ts';
import type { Act, Scene, SceneCluster } from './kind/act.ts';
import { LEDGER_VERSION } from './ledger/entry.ts';
import { createLedger, readLedger, removeLedger, type LedgerWriter } from './ledger/file.ts';
import { ledgerFolder } from './ledger/folder.ts';
import type { Looked, Scope } from './look.ts';
import { tableName } from './nft.ts';
import { CLIENT, type Machine } from './peers.ts';
import { planFault, restartsNode } from './plan-fault.ts';
import { openBaseline } from './snapshot.ts';
import { GRACE_MS, type FaultPlan } from './spec.ts';
import { startSupervisor, type Supervisor } from './supervisor/start.ts';
import { turns, type Turns } from './turns.ts';

export interface SessionOptions {
  readonly run: string;
  readonly engine: Engine;
  readonly history: History;
  /** Of everything made for the run. Faults make no objects of the engine: kept for those that will. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Where ledgers are: control's `stateFolder()`/ledger unless told. */
  readonly ledgerFolder?: string;
  /**
   * The cluster that is broken. With it the data plane of every machine is compared, not of the struck ones alone, and
   * faults can ask the LAN (from its client) and Kubernetes (through a server). Without it some cannot be done.
   */
  readonly cluster?: SceneCluster;
  readonly signal?: AbortSignal;
  /** How each kind is done. Others only to test what becomes of an injector that errs. */
  readonly acts?: Readonly<Record<string, Act>>;
}

export interface FaultSession extends AsyncDisposable {
  /**
   * Breaks it. Everything slow is done before `fault.inject` begins.
   * @throws FaultPlanError, DirtyNodeError; or what went wrong, after undoing what had been done.
   */
  inject(plan: FaultPlan, nodes: readonly ClusterNode[], options: { signal: AbortSignal }): Promise<ActiveFault>;
}

/** @throws Error when the run is being broken by another living process, or the supervisor does not start. */
export async function openSession(options: SessionOptions): Promise<FaultSession> {
  const { run, engine, history } = options;
  const path = join(options.ledgerFolder ?? ledgerFolder(), `${run}.ndjson`);
  await takeOver(engine, run, path);
  await using undo = new AsyncDisposableStack();
  // Its files stay: they say why it could not be opened.
  undo.defer(() => void openHere.delete(path));
  const ledger = undo.use(createLedger(path, { type: 'open', version: LEDGER_VERSION, run, owner: thisProcess() }));
  openHere.add(path);
  const told = (line: string) =>
    void history.append({ type: 'note', level: 'warning', text: `the supervisor has ${line}` });
  const supervisor = await startSupervisor(path, told, options.signal);
  undo.move();
  const active = new Map<ActiveFault, Looked>();
  const baseline = openBaseline(options);
  const scope: Scope = {
    baseline,
    inForce: () => [...active.values()],
    ...(options.cluster && { cluster: options.cluster }),
  };
  const session: Session = { ...options, ledger, supervisor, scope, active, turn: turns() };
  let closing: Promise<void> | undefined;
  return {
    inject: (plan, nodes, { signal }) => inject(session, planFault(plan), nodes, signal),
    [Symbol.asyncDispose]: () => (closing ??= close(session)),
  };
}

interface Session extends SessionOptions {
  readonly ledger: LedgerWriter;
  readonly supervisor: Supervisor;
  readonly scope: Scope;
  readonly active: Map<ActiveFault, Looked>;
  /** Nobody looks at a machine while it is being broken or healed. */
  readonly turn: Turns;
}

/** Ledgers of the sessions that are open in this process. */
const openHere = new Set<string>();

/**
 * A ledger of the same run: of a dead process it is healed first, a living one is left alone. One of our own that a
 * session could not close is healed as well: its supervisor is gone.
 */
async function takeOver(engine: Engine, run: string, path: string): Promise<void> {
  if (!existsSync(path)) return;
  const { owner, inForce } = await readLedger(path);
  const isOver = isDeepStrictEqual(owner, thisProcess()) && !openHere.has(path);
  if (isAlive(owner) && !isOver) {
    const what = inForce.map(({ kind, node }) => `${kind} on ${node}`).join(', ') || 'nothing yet';
    // The last one in has to be the first one out, and of two processes neither knows what the other does.
    throw new Error(
      `process ${owner.pid} is breaking the cluster ${run} already (${what}). ` +
        'Next: end that one first, with Ctrl-C: it heals. Several at once: a scenario with `faults`, in one process',
    );
  }
  const { ok, did } = await healLedger(engine, path);
  if (!ok) throw new Error(`the cluster ${run} is still broken: ${did.join('; ')}. Next: faultline doctor --heal`);
}

type Nodes = readonly ClusterNode[];

async function inject(session: Session, plan: FaultPlan, nodes: Nodes, signal: AbortSignal): Promise<ActiveFault> {
  const { engine, active, supervisor } = session;
  if (supervisor.lost) throw new Error(`nothing is broken without a supervisor: ${supervisor.lost}`);
  if ([...active.keys()].some((fault) => fault.plan.id === plan.id)) {
    throw new Error(`the fault ${plan.id} is in force already. Next: give each an id of its own`);
  }
  const ours = [...active.keys()].map((fault) => tableName(fault.plan.id));
  await onAll(nodes, (node) => assertClean(engine, node, ours, signal));
  await using undo = new AsyncDisposableStack();
  const fault = await session.turn(async () => {
    if (active.size === 0) await session.scope.baseline.take(nodes, signal);
    return await strike(session, plan, nodes, undo, signal);
  });
  undo.move();
  return fault;
}

/** @param undo heals it, should it be half done: after its turn, for healing takes one as well. */
async function strike(
  session: Session,
  plan: FaultPlan,
  nodes: Nodes,
  undo: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<ActiveFault> {
  const { history, ledger, active, scope, turn } = session;
  const struck = await prepareAll(session, plan, nodes, signal);
  const left = () => void active.delete(fault);
  const gone = async () => {
    if (!actOf(plan, session.acts).keepsDataPlane || restartsNode(plan)) scope.baseline.forget(nodes);
    if (active.size === 0) await scope.baseline.compare();
  };
  const fault = undo.use(activeFault({ plan, struck, history, ledger, scope, turn, left, gone }));
  await bracketed(history, 'fault.inject', plan, struck, ({ prepared }) => prepared.strike());
  ledger.write({ type: 'effect', fault: plan.id });
  active.set(fault, { plan, struck });
  return fault;
}

/** The intent is on the disk before anything is made. If one node cannot be prepared, the others are as they were. */
async function prepareAll(
  session: Session,
  plan: FaultPlan,
  nodes: Nodes,
  signal: AbortSignal,
): Promise<readonly Struck[]> {
  const { history, ledger } = session;
  const { id: fault, kind, parameters } = plan;
  const act = actOf(plan, session.acts);
  const expires = history.clock.now() + (plan.lastingMs + GRACE_MS) * MILLISECOND;
  await using undo = new AsyncDisposableStack();
  const struck = await onAll(nodes, async (node): Promise<Struck> => {
    const scene = sceneOf(session, plan, node, nodes, signal);
    const memory = (await act.survey?.(scene)) ?? {};
    const where = { node: node.name, container: node.container, side: node.side.container, servers: scene.servers };
    ledger.write({ type: 'intent', fault, kind, parameters, ...where, memory, expires });
    undo.defer(() => ledger.write({ type: 'undo', fault, node: node.name, by: 'harness', outcome: 'was never done' }));
    const footprint = await act.footprint?.(scene);
    const prepared = undo.use(await act.prepare(scene, memory));
    return { name: node.name, node, prepared, footprint };
  });
  undo.move();
  return struck;
}

function sceneOf(
  { engine, cluster }: Session,
  plan: FaultPlan,
  node: ClusterNode,
  nodes: Nodes,
  signal: AbortSignal,
): Scene {
  const servers = cluster?.substrate === 'k3s' ? cluster.nodes.filter(({ role }) => role === 'server') : [];
  // The struck one last: what it can still answer is not known.
  const ordered = servers.toSorted((a, b) => Number(a.name === node.name) - Number(b.name === node.name));
  return {
    engine,
    plan,
    node,
    witness: cluster?.client,
    address: cluster?.virtualAddress,
    machines: cluster ? everybody(cluster) : nodes,
    struck: nodes.map(({ name }) => name),
    servers: ordered.map(({ container }) => container),
    signal,
  };
}

function everybody(cluster: SceneCluster): readonly Machine[] {
  const { address } = cluster.client;
  return [...machinesOf(cluster), { name: CLIENT, address, mac: macOf(address) }];
}

function actOf({ kind }: FaultPlan, acts: SessionOptions['acts'] = ACTS): Act {
  const act = acts[kind];
  if (!act) throw new Error(`the fault ${kind} is planned but cannot be done: it has no line in kind/all.act.ts`);
  return act;
}

/**
 * The last in goes first. The supervisor is let go only when nothing is in force: otherwise it takes our end for our
 * death, and undoes the rest.
 */
async function close({ ledger, supervisor, active }: Session): Promise<void> {
  await using leaving = new AsyncDisposableStack();
  leaving.defer(() => putAway(ledger.path));
  leaving.use(ledger);
  leaving.defer(() => supervisor[Symbol.asyncDispose]());
  const undo = leaving.use(new AsyncDisposableStack());
  for (const fault of active.keys()) undo.use(fault);
  await undo.disposeAsync();
  const { inForce } = await readLedger(ledger.path);
  if (inForce.length === 0) await supervisor.bye();
}

/** By whomever it was undone, the harness or its supervisor: a ledger with nothing in force has nothing left to say. */
async function putAway(path: string): Promise<void> {
  openHere.delete(path);
  const { inForce } = await readLedger(path);
  if (inForce.length === 0) await removeLedger(path);
}
