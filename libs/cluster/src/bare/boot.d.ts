import { type Substrate } from '../site.ts';
export declare const bare: Substrate;
