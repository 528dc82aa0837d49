/** Path of a Node binary in `folder`, without symbols where the host can strip it (a seventh of its size). */
export declare function nodeBinary(version: string, architecture: string, folder: string): Promise<string>;
