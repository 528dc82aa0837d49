import { manualClock, memoryHistory, SECOND } from '@faultline/history';
import { expect, test } from 'vitest';
import { stagesOf } from './bring-up.ts';

test('stages count from the begin of the boot, and a stage of each node from the last of them', () => {
  const clock = manualClock(7 * SECOND);
  const history = memoryHistory(clock);
  history.append({ type: 'phase', phase: 'boot', edge: 'begin' });
  clock.advance(2 * SECOND);
  history.append({ type: 'stage', name: 'node-up', node: 'server-0' });
  clock.advance(1 * SECOND);
  history.append({ type: 'stage', name: 'node-up', node: 'agent-0' });
  history.append({ type: 'phase', phase: 'teardown', edge: 'begin' });
  clock.advance(0.5 * SECOND);
  history.append({ type: 'phase', phase: 'teardown', edge: 'end' });
  expect(Object.fromEntries(stagesOf(history.events))).toEqual({ 'node-up': 3, '(taken down in)': 0.5 });
});
