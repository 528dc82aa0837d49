/**
 * The smallest program there is: it exits with code 0.
 *
 * Whether an engine can run a privileged container is only known by running one, and an engine that was installed a
 * moment ago has no image, and maybe no registry to pull one from. So the program is made here, byte by byte.
 */
import { Buffer } from 'node:buffer';
/** For each architecture, by the engine's name for it: its number in ELF, and the code of exit(0). */
declare const machines: {
    readonly x86_64: {
        readonly number: 62;
        readonly code: 'b83c00000031ff0f05';
    };
    readonly aarch64: {
        readonly number: 183;
        readonly code: 'a80b8052000080d2010000d4';
    };
};
export type Architecture = keyof typeof machines;
export declare const architectures: readonly Architecture[];
export declare const isArchitecture: (name: string) => name is Architecture;
/** A static ELF executable: one header, one segment, the code. */
export declare function nothing(architecture: Architecture): Buffer;
export {};
