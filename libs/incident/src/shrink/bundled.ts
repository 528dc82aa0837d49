/** A case as a bundle, which is run like any other: what is left of the one that was given. */
import type { Bundle } from '../bundle/bundle.ts';
import { aboutOf } from '../bundle/files.ts';
import type { ShrinkCase } from './case.ts';

/** What was seen of the whole is not looked for in a part of it. */
export function bundleOfCase({ about }: Pick<Bundle, 'about'>, { scenario, objects }: ShrinkCase): Bundle {
  const { servers, agents } = scenario.topology;
  const names = new Set([...numbered('server', servers), ...numbered('agent', agents)]);
  return {
    about: { ...about, ran: null, seen: [], nodes: about.nodes.filter(({ name }) => names.has(name)) },
    scenario,
    objects,
    events: [],
  };
}

const numbered = (role: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${role}-${index}`);

/** What there is to say of a scenario that was in no bundle. @param made wall time */
export const aboutScenario = (
  made: string,
  { k3s, settings, seed }: { k3s: string | undefined; settings: Bundle['about']['settings']; seed: number },
): Bundle['about'] =>
  aboutOf({
    made,
    by: { commit: null, dirty: false },
    from: 'run',
    k3s: k3s === undefined ? null : { seen: k3s, taken: k3s },
    settings,
    seed,
    ran: null,
    nodes: [],
    seen: [],
    leftOut: [],
    notes: [],
  });
