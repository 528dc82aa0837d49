import type { BackendName } from '../spec.ts';
import type { Backend } from './backend.ts';
export declare const backends: Readonly<Record<BackendName, Backend>>;
