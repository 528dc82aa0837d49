export type Target = {
    readonly kind: 'node';
    readonly name: string;
} | {
    readonly kind: 'package';
    readonly name: string;
}
/** `@faultline/fault/plan` is the entry `./plan` of the lib `fault`. */
 | {
    readonly kind: 'lib';
    readonly lib: string;
    readonly entry: string;
    readonly name: string;
} | {
    readonly kind: 'file';
    readonly path: string;
};
export declare function targetOf(importer: string, specifier: string): Target;
