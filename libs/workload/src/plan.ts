/** What is pure of this lib: specs, manifests, the files of a bare node. Nothing here touches a process, a socket, a file or a clock. */
export * from './spec.ts';
export * from './check.ts';
export * from './manifests.ts';
export * from './bare-pods.ts';
export * from './haproxy.ts';
