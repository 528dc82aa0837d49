import { manualClock, memoryHistory, SECOND, type RunEvent } from '@faultline/history';
import { expect, test } from 'vitest';
import { liveView, plain, Spark } from './live.ts';

function lines(events: readonly RunEvent[]): string {
  const clock = manualClock();
  const history = memoryHistory(clock);
  let text = '';
  using _view = plain(history, { write: (chunk: string | Uint8Array) => Boolean((text += String(chunk))) });
  for (const event of events) {
    clock.advance(SECOND / 2);
    history.append(event);
  }
  return text;
}

test('without a terminal there is one line for each thing that happened, and none for samples', () => {
  const text = lines([
    { type: 'phase', phase: 'boot', edge: 'begin' },
    { type: 'stage', name: 'node-up', node: 'agent-0' },
    { type: 'phase', phase: 'boot', edge: 'end' },
    { type: 'samples', probe: 'edge-tcp', rows: [[0, 0, 0, 1, 'ok', null]] },
    { type: 'target', fault: 'fault-0', selector: 'announcer()', nodes: ['agent-0'], why: 'it answered' },
    { type: 'fault.inject', fault: 'fault-0', edge: 'end', kind: 'node-kill', nodes: ['agent-0'], parameters: {} },
  ]);
  expect(text).toBe(
    [
      '    0.5  boot ...',
      '    1.0    node-up agent-0',
      '    2.5    target announcer(): agent-0 (it answered)',
      '    3.0    node-kill in force on agent-0',
      '',
    ].join('\n'),
  );
});

test('what a cluster says is no escape sequence', () => {
  expect(lines([{ type: 'stage', name: 'api\u001b[2J\n' }])).toBe('    0.5    api [2J \n');
});

test('a phase that failed says why', () => {
  expect(lines([{ type: 'phase', phase: 'boot', edge: 'end', error: 'no image' }])).toContain('boot: failed: no image');
});

test('a spark line shows what was lost in each second', () => {
  const spark = new Spark();
  const second = (at: number, good: number, lost: number): void => {
    for (let sample = 0; sample < good + lost; sample++) spark.add((at + 0.01 * sample) * SECOND, sample < good);
  };
  second(100, 10, 0);
  second(101, 8, 2);
  second(102, 0, 10);
  expect(spark.draw(102.5 * SECOND)).toMatch(/^ {57}·▂█$/);
});

test('a quiet view says nothing', () => {
  const history = memoryHistory();
  let text = '';
  const stream = { write: (chunk: string) => Boolean((text += chunk)) } as unknown as NodeJS.WriteStream;
  using _view = liveView(history, { stream, quiet: true });
  history.append({ type: 'phase', phase: 'boot', edge: 'begin' });
  expect(text).toBe('');
});
