/** A run of several faults: every window is drawn and named, and each has its proof beside it. */
import { announcerKilled, failedOver, judge } from '@faultline/checker';
import { expect, test } from 'vitest';
import { renderHtml } from './html.ts';
import { picture } from './picture.ts';
import { renderSummary } from './summary.ts';
import { renderTerminal } from './terminal.ts';

/** The overlay of agent-1 is blocked for 60 s; 15 s into that the announcer is killed. */
function nested() {
  const events = failedOver(1, 20, {
    lasting: 95,
    fault: { kind: 'block-port', nodes: ['agent-1'], parameters: { port: 8472 }, takesMs: 5, lasting: 60 },
    more: [{ kind: 'node-kill', nodes: ['agent-0'], takesMs: 12, lasting: 25, at: 15, selector: 'announcer()' }],
  });
  return { events, verdict: judge(events, [{ check: 'loss-at-most', probe: 'edge-tcp', share: 1, fault: 'fault-1' }]) };
}
const composed = nested();
const html = renderHtml(composed);
/** Of one timeline; the page may draw two of them. */
const drawing = html.slice(html.lastIndexOf('<svg class="timeline"'), html.lastIndexOf('</svg>'));

test('each window is drawn, one within the other, and times count from the one that was asked about', () => {
  const { faults, fault, zeroName } = picture(composed.events, composed.verdict);
  expect(zeroName).toBe('fault-1');
  expect(fault?.inForce).toBe(0);
  expect(faults.map(({ label }) => label)).toEqual(['fault-0: block-port agent-1', 'fault-1: node-kill agent-0']);
  const [outer, inner] = faults;
  expect([outer?.inForce, outer?.healed, inner?.healed].map((ms) => Math.round((ms ?? 0) / 1000))).toEqual([
    -15, 45, 25,
  ]);
  expect(drawing.match(/<rect class="fault"/g)).toHaveLength(2);
  expect(drawing.match(/<rect class="becoming"/g)).toHaveLength(2);
  expect(drawing).toContain('seconds from fault-1');
});

test('names of windows stand on rows of their own', () => {
  const rows = [...drawing.matchAll(/<text class="fault-text halo" y="(\d+)"[^>]*>([^<]*)</g)].map(([, y, text]) => [
    y,
    text,
  ]);
  expect(rows).toEqual([
    ['13', 'fault-0: block-port agent-1'],
    ['29', 'fault-1: node-kill agent-0'],
  ]);
});

test('the summary and the page list each with its times and its proofs', () => {
  const summary = renderSummary(composed);
  expect(summary).toMatch(
    /\| fault-0 \| block-port port=8472 \| agent-1 \| -15\.00 s \| 45\.0 s \| block-port is in force \| block-port is gone \|/,
  );
  expect(summary).toMatch(
    /\| fault-1 \| node-kill \| agent-0 \| 0\.00 s \| 25\.0 s \| node-kill is in force \| node-kill is gone \|/,
  );
  expect(summary).toContain('| after fault-1 | what | by |');
  expect(html).toContain('The faults');
  expect(renderTerminal(composed)).toContain('fault-0 in force');
});

test('a run of one fault is told without numbers', () => {
  const events = announcerKilled(1);
  const one = { events, verdict: judge(events, []) };
  expect(renderHtml(one)).not.toContain('fault-0');
  expect(renderSummary(one)).not.toContain('fault-0');
  expect(picture(events, one.verdict).zeroName).toBe('the fault');
});
