import type { History } from '@faultline/history';

export interface DeployOptions {
  readonly history: History;
  readonly signal: AbortSignal;
}
