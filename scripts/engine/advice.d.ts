/** What to do where Faultline cannot bring up an engine by itself. */
export interface Host {
    readonly platform: NodeJS.Platform;
    readonly isRoot: boolean;
    /** Debian, Ubuntu, or what calls itself like them. */
    readonly isDebian: boolean;
    /** Whether there is an engine's socket, which may belong to an engine that runs but is closed to this user. */
    readonly hasSocket: boolean;
}
/** Whether /etc/os-release describes a host with apt as we know it. */
export declare function isDebianLike(osRelease: string): boolean;
/** Whether `npm run engine` may install and start an engine here. */
export declare const canInstall: (host: Host) => boolean;
/** What to type next, where it may not. */
export declare function advice(host: Host): string;
