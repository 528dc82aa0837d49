import { expect, test } from 'vitest';
import { commandOf, defineIncident, type Incident } from './incident.ts';
import { trackRecordPage } from './page.ts';
import { parseTrackResults, standingOf, trackResult, writtenTrackResults, type TrackResult } from './result.ts';

const INCIDENT: Incident = defineIncident({
  name: 'dead-node',
  title: 'A node dies, and half of the requests fail',
  threads: ['https://github.com/k3s-io/klipper-lb/issues/27'],
  saw: 'half of the requests fail.',
  sign: 'half of the requests are lost',
  asked: {
    by: 'scenario',
    sign: { check: 'outage', probe: 'edge-http-new', atLeastMs: 1, atMostMs: 2 },
    k3s: 'v1.33.3+k3s1',
    here: {
      is: 'a daemonset',
      scenario: 'kill-the-ingress-node',
      cell: { substrate: 'k3s', backend: 'vxlan', loadBalancer: 'servicelb', controller: 'daemonset' },
    },
    control: {
      is: 'MetalLB',
      scenario: 'kill',
      cell: { substrate: 'bare', backend: 'vxlan', loadBalancer: 'keepalived' },
    },
  },
});

let runs = 0;
const said = (side: 'here' | 'control', shown: boolean | null, saw = 'seen'): TrackResult =>
  trackResult(INCIDENT, side, { shown, saw, run: `run-${++runs}`, at: '2026-11-22T02:00:00Z', commit: null });

test.each([
  ['not run', []],
  ['not run', [said('control', false)]],
  ['not run', [said('here', null), said('control', false)]],
  ['not reproduced', [said('here', false), said('control', false)]],
  ['no control', [said('here', true)]],
  ['no control', [said('here', true), said('control', true)]],
  ['no control', [said('here', true), said('control', null)]],
  ['reproduced', [said('here', true), said('here', true), said('control', false)]],
  ['at times', [said('here', true), said('here', false), said('control', false)]],
])('it is “%s”, as its runs are', (word, results) => {
  expect(standingOf(INCIDENT, results).word).toBe(word);
});

test('what was asked otherwise does not count: another command, or another sign', () => {
  const other = { ...said('here', true), command: 'run something-else' };
  const wider = { ...said('here', true), sign: '{"check":"outage"}' };
  expect(standingOf(INCIDENT, [other, wider]).here).toMatchObject({ runs: 0, shown: 0 });
});

test('the command says the whole cell, and the release where there is one', () => {
  expect(commandOf(INCIDENT, 'here').join(' ')).toBe(
    'run kill-the-ingress-node --substrate k3s --backend vxlan --lb servicelb --controller daemonset --k3s v1.33.3+k3s1',
  );
  expect(commandOf(INCIDENT, 'control').join(' ')).toBe('run kill --substrate bare --backend vxlan --lb keepalived');
});

test('results are read as they were written', () => {
  const results = [said('here', true), said('control', null)];
  expect(parseTrackResults(writtenTrackResults(results), 'results.ndjson')).toEqual(results);
});

test.each([
  ['{', 'results.ndjson:1: no JSON'],
  ['{"version":9}', 'results.ndjson:1: version 9 is not 1'],
  ['{"version":1,"incident":"x","side":"there"}', 'results.ndjson:1: no incident, or no side'],
])('a line that is none is named: %s', (line, problem) => {
  expect(() => parseTrackResults(line, 'results.ndjson')).toThrow(problem);
});

test('the page counts runs, links the threads, and shows what a cluster said as it is', () => {
  const page = trackRecordPage([INCIDENT], [said('here', true, 'lost <b>50 %</b>\nof them'), said('control', false)]);
  expect(page).toContain('| 1 of 1 | 0 of 1 | reproduced |');
  expect(page).toContain('[klipper-lb#27](https://github.com/k3s-io/klipper-lb/issues/27)');
  expect(page).toContain(String.raw`lost \<b\>50 %\</b\> of them`);
  expect(page).toContain('again: `npx faultline run kill-the-ingress-node');
});

test('a record that says something unknown is refused by the place of it', () => {
  const { asked } = INCIDENT;
  const misspelt = { ...INCIDENT, asked: { ...asked, sing: asked.by } } as unknown as Incident;
  expect(() => defineIncident(misspelt)).toThrow(/incident dead-node[\s\S]*sing/);
  expect(() => defineIncident({ ...INCIDENT, threads: ['http://example.com'] })).toThrow('threads[0]');
});
