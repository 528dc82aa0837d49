import type { Backend } from './backend.ts';
export declare const hostGw: Backend;
