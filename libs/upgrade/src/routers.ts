/** What a Traefik makes of its objects, by its API, and what two of them make otherwise. Pure. */

/** Of `/api/rawdata`, as far as it is compared. */
export interface RawData {
  readonly routers?: Readonly<Record<string, RawRouter>>;
  readonly middlewares?: Readonly<Record<string, RawThing>>;
  readonly services?: Readonly<Record<string, RawThing>>;
  readonly tcpRouters?: Readonly<Record<string, RawRouter>>;
}

interface RawThing {
  readonly status?: string;
  readonly error?: readonly string[] | string;
}

interface RawRouter extends RawThing {
  readonly rule?: string;
  readonly entryPoints?: readonly string[];
  readonly middlewares?: readonly string[];
  readonly service?: string;
}

export interface RouterDifference {
  readonly old: number;
  readonly beside: number;
  /** `- name`: only the old one has it; `+`: only the new one; `~`: both, and otherwise. */
  readonly differs: readonly string[];
}

/**
 * Compares them, normalised: names and words alone, without what is chosen anew at each start (addresses of pods), what
 * follows from the rule's length (priorities), and what Traefik brings itself.
 */
export function compareRouters(old: RawData, beside: RawData): RouterDifference {
  const [one, other] = [old, beside].map(normalised) as [Lines, Lines];
  const names = [...new Set([...one.keys(), ...other.keys()])].toSorted();
  const differs = names.flatMap((name) => {
    const [before, after] = [one.get(name), other.get(name)];
    if (before === after) return [];
    if (after === undefined) return [`- ${name}: ${before}`];
    return before === undefined ? [`+ ${name}: ${after}`] : [`~ ${name}: ${before} → ${after}`];
  });
  return { old: countOf(old), beside: countOf(beside), differs };
}

type Lines = ReadonlyMap<string, string>;

const isOwn = (name: string): boolean => !name.endsWith('@internal');

const countOf = ({ routers = {}, tcpRouters = {} }: RawData): number =>
  Object.keys({ ...routers, ...tcpRouters }).filter(isOwn).length;

function normalised({ routers = {}, tcpRouters = {}, middlewares = {}, services = {} }: RawData): Lines {
  const lines: [string, string][] = [];
  for (const [kind, things] of Object.entries({
    router: { ...routers, ...tcpRouters },
    middleware: middlewares,
    service: services,
  })) {
    for (const [name, thing] of Object.entries<RawRouter>(things)) {
      if (isOwn(name)) lines.push([`${kind} ${name}`, written(thing)]);
    }
  }
  return new Map(lines);
}

function written({ rule, entryPoints, middlewares, service, status, error }: RawRouter): string {
  const errors = error === undefined ? [] : [error].flat();
  return [
    rule,
    entryPoints && `at ${entryPoints.toSorted().join(', ')}`,
    middlewares && `through ${middlewares.join(', ')}`,
    service && `to ${service}`,
    status,
    ...errors,
  ]
    .filter(Boolean)
    .join('; ');
}
