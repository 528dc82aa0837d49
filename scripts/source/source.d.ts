export interface Import {
    readonly from: string;
    readonly line: number;
    /** `import type`: nothing is left of it when the program runs. */
    readonly isErased: boolean;
}
/** A call, a member or a construction by its dotted name: `Date.now`, `setTimeout()`, `new Date()`, `shell: true`. */
export interface Use {
    readonly name: string;
    readonly line: number;
}
export interface Source {
    /** From the root of the repository, with forward slashes. */
    readonly path: string;
    readonly text: string;
    readonly imports: readonly Import[];
    readonly uses: readonly Use[];
}
export declare const isTest: ({ path }: Pick<Source, 'path'>) => boolean;
export declare function parse(path: string, text: string): Source;
