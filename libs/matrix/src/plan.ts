export * from './result.ts';
export * from './cell.ts';
export { combinations, cover, numbered } from './cover.ts';
export { estimateByPlan, measuredDurations, type Estimate } from './estimate.ts';
export * from './model.ts';
export { MUST, mustIndex, type Must } from './must.ts';
export * from './plan-night.ts';
export * from './share.ts';
