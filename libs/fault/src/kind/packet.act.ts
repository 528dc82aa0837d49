/** Packet faults: rules of an nft table that a process of ours owns, so that the kernel removes them when we die. */
import { containerCommander, done, notYet, waitFor, type Commander, type Engine } from '@faultline/control';
import { droppedPackets, ourTables, tableName, type TableScript } from '../nft.ts';
import { GRACE_MS } from '../spec.ts';
import { handlesIn, rendered } from '../reference.ts';
import { ANSWER_MS, endOwner, isDead, startOwner, type SideCar } from '../table-owner.ts';
import type { Act, Glance, Proof, Scene } from './act.ts';

/** The kernel removes it within 30 ms of its owner's end. */
const GONE_MS = 2_000;

export interface PacketFault {
  script(scene: Scene): TableScript;
  /** What can be seen of it beside its counters; undefined: nothing, the counters are the proof. */
  seen?(scene: Scene, signal: AbortSignal): Promise<Pick<Proof, 'effect' | 'detail'>>;
}

export function packetAct({ script: scriptOf, seen }: PacketFault): Act {
  return {
    keepsDataPlane: true,

    footprint: (scene) => rendered(scene.node.side, scriptOf(scene), scene.node.interface, scene.signal),

    async prepare(scene) {
      const { engine, node, plan, signal } = scene;
      const script = scriptOf(scene);
      await using undo = new AsyncDisposableStack();
      const owner = undo.use(await startOwner(engine, node.side, script.table, plan.lastingMs + GRACE_MS));
      const list = `list table ${script.family} ${script.table}`;
      await owner.say([...script.prepare, list], /^table \w+ [^]*\n\}\n/, signal);
      let before = 0;
      undo.move();
      return {
        strike: () => owner.say([script.strike, list], /\bcounter packets [^]*\n\}\n/, signal),
        async prove(proveSignal) {
          // Seen first: whoever asks the LAN runs into the rules, and raises their counters.
          const { effect, detail } = (await seen?.(scene, proveSignal)) ?? { effect: null, detail: '' };
          const { total, ...counted } = await count(node.side, script, proveSignal);
          const rose = total > before;
          before = Math.max(total, before);
          return {
            state: counted.state,
            effect: counted.state && (effect ?? rose),
            detail: [counted.detail, detail].filter(Boolean).join(', '),
          };
        },
        async look(asked) {
          const { total: acted, ...counted } = await count(node.side, script, asked);
          return { ...counted, acted };
        },
        heal: async () => owner[Symbol.asyncDispose](),
        proveGone: () => proveGone(engine, node.side, script.table),
        [Symbol.asyncDispose]: async () => owner[Symbol.asyncDispose](),
      };
    },

    /** The table is gone with its owner, unless that hangs: then it is ended, and it alone, by the table's name on its command line. */
    async undo(engine, { fault, node, side }) {
      const table = tableName(fault);
      const car = { ...containerCommander(engine, side, `${node} (side-car)`), container: side };
      if (await isDead(engine, side)) return 'the side-car is gone, and it with it';
      if (!(await tables(car)).includes(table)) return 'the kernel had removed it';
      await endOwner(car, table);
      await proveGone(engine, car, table);
      return 'its owner was ended, and the kernel removed it';
    },
  };
}

interface Count extends Pick<Glance, 'state' | 'detail' | 'identity'> {
  readonly total: number;
}

/** Every rule is there, and has counted so many packets. */
async function count(side: Commander, script: TableScript, signal: AbortSignal): Promise<Count> {
  const { family, table, chains } = script;
  const { stdout, exitCode } = await side.exec(['nft', '--handle', 'list', 'table', family, table], {
    signal,
    accept: [0, 1],
  });
  const dropped = exitCode === 0 ? droppedPackets(stdout) : {};
  const missing = chains.filter((chain) => dropped[chain] === undefined);
  if (missing.length > 0) return { state: false, total: 0, detail: `no rule in ${table}: ${missing.join(', ')}` };
  const counts = chains.map((chain) => `${dropped[chain]} ${chain}`).join(', ');
  const total = chains.reduce((sum, chain) => sum + (dropped[chain] ?? 0), 0);
  return {
    state: true,
    total,
    identity: handlesIn(stdout),
    detail: `${table} is in force, packets dropped so far: ${counts}`,
  };
}

async function tables(side: Commander): Promise<readonly string[]> {
  return ourTables((await side.exec(['nft', 'list', 'tables'], { timeoutMs: ANSWER_MS })).stdout);
}

/** A side-car that is gone took its processes along, and the kernel their tables. */
async function proveGone(engine: Engine, side: SideCar, table: string): Promise<Proof> {
  return await waitFor(
    `the table ${table} is gone from ${side.name}`,
    async () => {
      if (await isDead(engine, side.container))
        return done({ ...GONE, detail: `the side-car is gone, and ${table} with it` });
      const left = await tables(side);
      return left.includes(table)
        ? notYet('it is there')
        : done({ ...GONE, detail: `${table} is gone from the kernel` });
    },
    { withinMs: GONE_MS, everyMs: 20 },
  );
}

const GONE = { state: true, effect: null } as const;
