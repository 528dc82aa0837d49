import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  createHistory,
  HISTORY_VERSION,
  manualClock,
  memoryHistory,
  parseHistory,
  readHistory,
  type RunEvent,
} from './index.ts';

const note = (text: string): RunEvent => ({ type: 'note', level: 'info', text });

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'faultline-history-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test('an event gets its place, its time on the clock and the wall time', () => {
  const clock = manualClock(5);
  const history = memoryHistory(clock);
  history.append(note('one'));
  clock.advance(10);
  history.append(note('two'));
  expect(history.events.map(({ seq, at }) => [seq, at])).toEqual([
    [0, 5],
    [1, 15],
  ]);
});

test('an event is in the file as soon as it was appended', async () => {
  const path = join(await folder(), 'history.ndjson');
  using history = createHistory(path);
  history.append(note('one'));
  expect(await readFile(path, 'utf8')).toMatch(/"text":"one"}\n$/);
});

test('what was written is what is read', async () => {
  const path = join(await folder(), 'history.ndjson');
  using history = createHistory(path);
  const written = [history.append(note('one')), history.append({ type: 'run.end', outcome: 'completed' })];
  expect(await readHistory(path)).toEqual(written);
});

test('a history is never overwritten', async () => {
  const path = join(await folder(), 'history.ndjson');
  createHistory(path)[Symbol.dispose]();
  expect(() => createHistory(path)).toThrow(/EEXIST/);
});

test('a reader that throws is dropped with a note, and the others go on', () => {
  const history = memoryHistory();
  const seen: string[] = [];
  history.subscribe(() => {
    throw new Error('broken');
  });
  history.subscribe((event) => seen.push(event.type === 'note' ? event.text : event.type));
  history.append(note('one'));
  history.append(note('two'));
  expect(seen.filter((text) => !text.includes('broken'))).toEqual(['one', 'two']);
  expect(history.events.filter((event) => event.type === 'note' && event.level === 'warning')).toHaveLength(1);
});

test('a reader that has been disposed hears nothing more', () => {
  const history = memoryHistory();
  const seen: string[] = [];
  const subscription = history.subscribe((event) => seen.push(event.type));
  history.append(note('one'));
  subscription[Symbol.dispose]();
  history.append(note('two'));
  expect(seen).toEqual(['note']);
});

test('a last line that a power cut tore is dropped', () => {
  expect(parseHistory('{"type":"note","text":"whole"}\n{"type":"no')).toHaveLength(1);
});

test('any other line that is no JSON is an error with its place', () => {
  expect(() => parseHistory('{}\nnonsense\n{}\n', 'h.ndjson')).toThrow(/h\.ndjson:2: not a JSON object/);
});

test('a history that is newer than this Faultline is refused', () => {
  const line = JSON.stringify({ type: 'run.begin', version: HISTORY_VERSION + 1 });
  expect(() => parseHistory(`${line}\n`)).toThrow(/this Faultline reads up to/);
});
