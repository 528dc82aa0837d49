/** How the Ingress controller is laid out: one record in one file. To add one: its file, its name in spec.ts, its line in index.ts. */
import type { ControllerName } from '../spec.ts';

/** Values of a Helm chart. */
export type Values = Readonly<Record<string, unknown>>;

export interface Controller {
  readonly name: ControllerName;
  /** One sentence. */
  readonly what: string;
  /** Values for Traefik's chart, as a HelmChartConfig gives them; merged over what k3s sets. */
  readonly values: Values;
  /** How many nodes it needs to be what it says. */
  readonly leastNodes: number;
  /** Where its pods may stand. */
  readonly on: 'any node' | 'servers';
}
