export declare function install(why: string, packages: readonly string[]): Promise<void>;
export declare function isInstalled(command: string): Promise<boolean>;
