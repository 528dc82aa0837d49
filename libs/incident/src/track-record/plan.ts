/** The track record: what is asked, and what runs showed of it. Pure. */
export * from './incident.ts';
export { RESULTS_PATH, trackRecordPage } from './page.ts';
export * from './result.ts';
