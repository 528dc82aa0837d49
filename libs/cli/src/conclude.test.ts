import { memoryHistory } from '@faultline/history';
import { afterEach, expect, test, vi } from 'vitest';
import { conclude } from './conclude.ts';

afterEach(() => vi.restoreAllMocks());

test.each([
  ['was done', undefined, false, 'completed', false],
  ['broke', new Error('the API is gone'), false, 'failed', false],
  ['was stopped', new Error('Ctrl-C'), true, 'interrupted', true],
] as const)('the history of a run that %s says so', async (_, error, stop, outcome, interrupted) => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const history = memoryHistory();
  const root = new AbortController();
  const act = async () => {
    if (stop) root.abort(error);
    if (error) throw error;
  };
  expect(await conclude({ history, signal: root.signal }, act)).toBe(interrupted);
  expect(history.events).toMatchObject([{ type: 'run.end', outcome, ...(error && { error: error.message }) }]);
});
