/** The ten users, as `ssongman/userlist` has them: a name made up at start, so that no two pods tell the same one. */

export interface User {
  readonly id: number;
  readonly name: string;
  readonly gender: 'F' | 'M';
  readonly image: string;
}

const GIVEN: readonly (readonly [name: string, gender: User['gender']])[] = [
  ['Noemi', 'F'],
  ['Jacinto', 'M'],
  ['Abbie', 'F'],
  ['Delmer', 'M'],
  ['Katrine', 'F'],
  ['Orlando', 'M'],
  ['Sunniva', 'F'],
  ['Barney', 'M'],
  ['Thea', 'F'],
  ['Emil', 'M'],
];

/** Where the original makes up a family name at random, ours is the pod's: it differs as well, and it says who answered. */
export function usersOf(pod: string): readonly User[] {
  return GIVEN.map(([given, gender], index) => ({
    id: index + 1,
    name: `${given} ${pod}`,
    gender,
    image: `/assets/image/cat${index + 1}.jpg`,
  }));
}
