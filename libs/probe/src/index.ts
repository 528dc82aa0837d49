export * from './bench/latency.ts';
export { busySeconds, readSent, type Sent } from './bench/sent.ts';
export * from './bench/throughput.ts';
export * from './calibrate.ts';
export * from './prober.ts';
export * from './spec.ts';
export { KINDS, type Kind } from './summary.ts';
export * from './watch.ts';
export { Askers, type Patience, type SideOf, type SweepOptions } from './sweep/sweep.ts';
