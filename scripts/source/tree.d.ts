import { type Source } from './source.ts';
export interface Package {
    readonly name: string;
    readonly exports?: Readonly<Record<string, string>>;
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly devDependencies?: Readonly<Record<string, string>>;
    readonly optionalDependencies?: Readonly<Record<string, string>>;
}
export interface Tree {
    readonly files: readonly {
        readonly path: string;
        readonly bytes: number;
    }[];
    readonly sources: readonly Source[];
    /** By folder: `.` for the root, `libs/fault`, ... */
    readonly packages: ReadonlyMap<string, Package>;
    /** Other texts that rules read, by path: documents and configuration. */
    readonly texts: ReadonlyMap<string, string>;
}
/** Reads what git tracks and what it would: a file that was forgotten in the index is checked all the same. */
export declare function readTree(): Promise<Tree>;
