/** Everything of ours in the engine, found by label. What has no label of ours is not ours, whatever it is called. */
import { LABEL, type Engine } from '@faultline/control';

export type ObjectKind = 'container' | 'volume' | 'network';

export interface OurObject {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly name: string;
  readonly run: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of containers: `running`, `exited`, `paused`, ...; of others empty. */
  readonly state: string;
}

/** @param run one run's objects; undefined: every run's. */
export async function ourObjects(engine: Engine, run?: string): Promise<readonly OurObject[]> {
  const filters = { label: [run === undefined ? LABEL.run : `${LABEL.run}=${run}`] };
  const [containers, volumes, networks] = await Promise.all([
    engine.listContainers({ all: true, filters }),
    engine.listVolumes({ filters }),
    engine.listNetworks({ filters }),
  ]);
  return [
    ...containers.map((one) =>
      object('container', { id: one.Id, name: one.Names[0]?.slice(1) ?? one.Id, labels: one.Labels, state: one.State }),
    ),
    // The engine says null where there is no volume at all.
    ...((volumes.Volumes as typeof volumes.Volumes | null) ?? []).map((one) =>
      object('volume', { id: one.Name, name: one.Name, labels: one.Labels }),
    ),
    ...networks.map((one) => object('network', { id: one.Id, name: one.Name, labels: one.Labels ?? {} })),
  ];
}

function object(
  kind: ObjectKind,
  { state = '', ...rest }: Pick<OurObject, 'id' | 'name' | 'labels'> & { state?: string },
): OurObject {
  return { kind, ...rest, state, run: rest.labels[LABEL.run] ?? '' };
}
