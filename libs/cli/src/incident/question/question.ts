/** A question of the track record that no claim of the ledger asks: the same thing, without a sentence that anybody teaches. */
import { clusterClaim, type ClusterClaim, type Rig } from '@faultline/claims';

export interface Question {
  readonly claim: ClusterClaim;
  /** What nodes need for it besides. */
  readonly images: readonly string[];
}

interface Ask<T> {
  readonly name: string;
  readonly here: T;
  readonly control: T;
  readonly images?: readonly string[];
  readonly ask: (rig: Rig, of: T) => Promise<{ readonly holds: boolean; readonly saw: string }>;
}

/** On a cluster as k3s installs it, alone: each of them takes something away from everybody. */
export const question = <T>({ name, here, control, images = [], ask }: Ask<T>): Question => ({
  images,
  claim: clusterClaim({
    id: `A-${name}`,
    sentence: name,
    stands: ['ledger', 'the track record'],
    predicted: ['true', 'people told of it'],
    setUp: 'default',
    alone: true,
    here: { is: 'the incident', of: here },
    twin: { is: 'its control', shows: 'control', of: control },
    ask,
  }),
});
