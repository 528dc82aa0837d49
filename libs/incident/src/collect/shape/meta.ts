/** What is kept of metadata and of what many kinds have. */
import { fields, isTable, list, plain, redacted, table, WHY, type Keep } from '../keep.ts';

/** Annotations that decide how clients are served. All others may hold anything: kubectl keeps the whole object in one. */
const ANNOTATIONS = [
  /^traefik\.ingress\.kubernetes\.io\/(router|service)\.[a-z.]+$/i,
  /^kubernetes\.io\/ingress\.class$/,
  /^ingressclass\.kubernetes\.io\/is-default-class$/,
  /^(metallb\.universe\.tf|metallb\.io)\/(address-pool|allow-shared-ip|loadBalancerIPs|ip-allocated-from-pool)$/,
  /^kube-vip\.io\/loadbalancerIPs$/,
  /^svccontroller\.k3s\.cattle\.io\/[a-z]+$/,
  /^service\.kubernetes\.io\/topology-(mode|aware-hints)$/,
];

export const annotations: Keep = (value, at) => {
  if (!isTable(value)) return undefined;
  const kept = Object.entries(value).flatMap(([key, text]) => {
    const inner = { ...at, path: 'metadata.annotations' };
    if (ANNOTATIONS.some((known) => known.test(key))) {
      const of = plain(text, { ...inner, path: `metadata.annotations ${key}` });
      return of === undefined ? [] : [[key, of] as const];
    }
    at.omissions.add(inner, 'only annotations that decide how clients are served are kept');
    return [];
  });
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
};

/** Labels by which nothing selects are dropped later: see ../labels.ts. */
export const metadata: Keep = fields({
  name: plain,
  namespace: plain,
  labels: table(plain),
  annotations: (value, at) => annotations(value, at),
});

export const selector: Keep = fields({
  matchLabels: table(plain),
  matchExpressions: list(fields({ key: plain, operator: plain, values: list(plain) })),
});

/**
 * The name of a Secret, which is not its content, but which people have been seen to put there. That there is one decides how
 * Traefik serves; another of the same kind stands in for it.
 */
export const secretName: Keep = (value, at) => {
  if (typeof value !== 'string') return at.omissions.add(at, WHY.unknown);
  return value === '' ? value : STAND_IN_SECRET;
};
export const STAND_IN_SECRET = 'stand-in';

/** Names of headers are known to everybody, their values are what opens doors. */
export const headers: Keep = table(redacted);
