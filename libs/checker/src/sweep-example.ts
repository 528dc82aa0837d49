/** A sweep that nobody carried out: for tests, and for demonstrations of the report. */
import { REACH_PATHS, type EventOf, type ReachCell, type ReachPath, type RunEvent } from '@faultline/history';

export interface SweptOptions {
  readonly nodes?: readonly string[];
  readonly paths?: readonly ReachPath[];
  /** How many of three questions this cell loses; none unless told. */
  readonly lost?: (cell: Pick<ReachCell, 'path' | 'from' | 'to'>) => number;
}

const NODES = ['server-0', 'agent-0', 'agent-1'];

/** Every ordered pair of nodes on every path; DNS runs on the first node. */
export function swept(
  when: EventOf<'sweep'>['when'],
  { nodes = NODES, paths = REACH_PATHS, lost = () => 0 }: SweptOptions = {},
): Extract<RunEvent, { type: 'sweep' }> {
  const pairs = paths.flatMap((path) =>
    nodes.flatMap((from) => (path === 'dns' ? nodes.slice(0, 1) : nodes).map((to) => ({ path, from, to }))),
  );
  const cells = pairs.map((pair): ReachCell => {
    const missing = lost(pair);
    const says = pair.path !== 'dns' && pair.path !== 'pod-node' && missing < 3;
    return { ...pair, asked: 3, lost: missing, sourceKept: says ? true : null, detail: missing > 0 ? 'timeout' : '' };
  });
  return { type: 'sweep', when, cells };
}

/** Three questions lost where one end, and only one, is that node, on all paths but those. */
export const cutOff =
  (node: string, but: readonly ReachPath[] = ['pod-node']): NonNullable<SweptOptions['lost']> =>
  ({ path, from, to }) =>
    !but.includes(path) && (from === node) !== (to === node) ? 3 : 0;
