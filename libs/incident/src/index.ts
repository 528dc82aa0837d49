/** Incidents: captured from a cluster or a failed run as a bundle, and replayed. */
export { readBundle, writeBundle } from './archive/bundle-file.ts';
export { readLive, type Read } from './live/read-cluster.ts';
export { ClusterUnreadableError, KubeconfigError, Reader, type ReaderOptions } from './live/reader.ts';
export { readSupport } from './live/support.ts';
export { replay } from './replay/replay.ts';
export { addTrackResults, readTrackResults, writeTrackRecord } from './track-record/results-file.ts';
export { signIn, type SignSeen } from './track-record/sign.ts';
