/** Not yet */
import type { ClusterNode } from '@faultline/cluster';
import type { SessionOptions } from './session.ts';
export interface Baseline { take(nodes: readonly ClusterNode[], signal: AbortSignal): Promise<void>; forget(nodes: readonly ClusterNode[]): void; compare(): Promise<void> }
export function openBaseline(_options: SessionOptions): Baseline { return { take: async () => {}, forget: () => {}, compare: async () => {} }; }
