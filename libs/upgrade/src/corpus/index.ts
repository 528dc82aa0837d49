export { PARTS, seeRelease, type Part, type Wish } from './release.ts';
export { readRows, rowsOfObjects, type Row } from './row.ts';
export type { ChartSeen, FixedSeen, ReleaseSeen, RouterSeen, RowSeen, ScenarioSeen } from './seen.ts';
export { casesOf } from './expected.ts';
export { seeRules, type RulesSeen, type Traefiks } from './rule-traefiks.ts';
export { trialOf, type Trial } from './rule-trial.ts';
export { summaryOf, type Kept } from './summary.ts';
