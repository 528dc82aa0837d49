/** Shrinking a failing case: pure, but for the runs that it is told of. */
export { aboutScenario, bundleOfCase } from './bundled.ts';
export { inCell, keyOf, refusalOf, sizeOf, type Circumstances, type ShrinkCase } from './case.ts';
export { ddmin, lowest, type Answer } from './ddmin.ts';
export { shrink, type Probe, type Probed, type Shrunk, type ShrinkOptions } from './shrink.ts';
export { smallestName, sourceOf } from './source.ts';
