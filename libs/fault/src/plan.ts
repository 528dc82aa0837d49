/** What is pure of `@faultline/fault`: kinds, plans and the scripts that they become. Nothing here touches the host. */
export * from './kind/all.ts';
export type * from './kind/kind.ts';
export * from './nft.ts';
export * from './packets.ts';
export * from './peers.ts';
export * from './plan-fault.ts';
export * from './queues.ts';
export * from './spec.ts';
