import type { Argv } from './config.ts';
/** @throws Error with what the command printed. */
export declare function run([file, ...args]: Argv): Promise<void>;
export interface Kept {
    readonly running: boolean;
    signal(name: NodeJS.Signals): void;
    /** SIGTERM, and until it has ended. */
    stop(): Promise<void>;
}
/** Keeps a process running: ended, it is started again at once. Its output is the node container's log. */
export declare function keepRunning(argv: Argv, env?: Readonly<Record<string, string>>): Kept;
