/** What is pure of this lib. */
export { nearest } from './nearest.ts';
