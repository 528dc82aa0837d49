/** What is pure of this lib: cases, the plan of an upgrade, and what its history comes to. */
export * from './assertion.ts';
