/** Incidents: captured from a cluster or a failed run as a bundle, and replayed. */
export { readBundle, writeBundle } from './archive/bundle-file.ts';
