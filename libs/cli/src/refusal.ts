/** Which errors say that what the user typed cannot be: exit code 64, and no bug. */
import { CommanderError } from 'commander';
import { ClusterSpecError, UnknownReleaseError } from '@faultline/cluster/plan';
import { FaultPlanError } from '@faultline/fault/plan';
import { NoSuchCellError, ScenarioError } from '@faultline/scenario/plan';
import { UsageError } from './exit.ts';

const USAGE = [
  CommanderError,
  UsageError,
  ScenarioError,
  NoSuchCellError,
  ClusterSpecError,
  UnknownReleaseError,
  FaultPlanError,
];
/** By name: a lib with effects is not loaded to compare. */
const BY_NAME = ['NightFolderError', 'NightHistoryError', 'KubeconfigError'];

export const isUsage = (error: unknown): boolean =>
  USAGE.some((kind) => error instanceof kind) || (error instanceof Error && BY_NAME.includes(error.name));

/** What was handed in cannot be read, or must not be written: exit code 65. */
const UNREADABLE = ['BundleError', 'SecretFoundError', 'ClusterUnreadableError'];

export const isUnreadable = (error: unknown): boolean => error instanceof Error && UNREADABLE.includes(error.name);
