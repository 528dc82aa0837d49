/** What a check of the code has to say: where, what, and what to do instead. */
export interface Finding {
    readonly file: string;
    readonly line: number;
    readonly problem: string;
    readonly cure: string;
}
export declare const inWords: ({ file, line, problem, cure }: Finding) => string;
/** Prints the findings, and fails the process where there are any. */
export declare function report(check: string, findings: readonly Finding[], examined: string): void;
