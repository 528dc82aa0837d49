/** Whether `/proc/self/status` says that CAP_SYS_RESOURCE may be had. */
export declare function boundsHoldSysResource(status: string): boolean;
export declare function hostHasSysResource(): Promise<boolean>;
