/** How the Ingress controller is laid out: one record in one file. To add one: its file, its name in spec.ts, its line in index.ts. */
import type { ControllerName } from '../spec.ts';

export interface Controller {
  readonly name: ControllerName;
  /** One sentence. */
  readonly what: string;
  /** Values for Traefik's chart, as a HelmChartConfig gives them; merged over what k3s sets. */
  readonly values: Readonly<Record<string, unknown>>;
}
