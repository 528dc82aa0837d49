/**
 * The engine's configuration, /etc/docker/daemon.json: what we need is added, what stands there stays.
 */
/**
 * The text with our runtime as the default one.
 * @throws when it is no JSON object, or already names another default runtime: that choice is not ours to undo.
 */
export declare function withRuntime(text: string | undefined, name: string, path: string): string;
