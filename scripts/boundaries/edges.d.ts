/**
 * The rooms of this repository, and which room may import which: the one table.
 *
 * It drives the check, and it is printed in docs/whats-here.md (`npm run boundaries -- --table`).
 */
export interface Room {
    readonly name: string;
    /** What the table shows in the column "layer": a room imports only from layers below its own. */
    readonly layer: number | 'top';
    readonly purpose: string;
    /** Names of libs, of other rooms, or one entry of a lib (`scenario/plan`). */
    readonly mayImport: readonly string[];
}
export declare const ROOMS: readonly Room[];
/** The room of a file, or of none: the configuration in the root belongs to the scripts. */
export declare function roomOf(path: string): Room | undefined;
/** The table as Markdown. */
export declare function table(rooms?: readonly Room[]): string;
