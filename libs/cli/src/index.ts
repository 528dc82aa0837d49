/** The command line without its process: for those that ask it questions, and never as a way round the command. */
export { program } from './program.ts';
export { isUnreadable, isUsage } from './refusal.ts';
export { allScenarios } from './workspace.ts';
export { hostFeaturesOf, lackOfCell, undoneBy } from './capability.ts';
export { listIncidents } from './incident/list.ts';
