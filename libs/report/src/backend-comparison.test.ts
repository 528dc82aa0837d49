import {
  compareBackends,
  syntheticIdentity,
  syntheticTurns,
  type BackendComparison,
  type SyntheticBackend,
} from '@faultline/checker';
import { describe, expect, test } from 'vitest';
import { backendsHeadline, claims } from './backend-comparison.ts';
import { renderBackendsHtml } from './backend-comparison-html.ts';
import { renderBackendsSummary } from './backend-comparison-summary.ts';

const vxlan: SyntheticBackend = { backend: 'vxlan', slower: 1 };

function compared(other: SyntheticBackend, repeats = 10): BackendComparison {
  const backends = [vxlan, other];
  return compareBackends(syntheticTurns(backends, { repeats, seed: 4 }), syntheticIdentity(backends));
}

const faster = compared({ backend: 'host-gw', slower: 0.8 });
const equal = compared({ backend: 'host-gw', slower: 1 });
const few = compared({ backend: 'host-gw', slower: 0.5 }, 2);

describe('a comparison of backends', () => {
  test('says who is faster, on which path, by how much, and how certain that is', () => {
    const said = backendsHeadline(faster);
    expect(said).toMatch(
      /^host-gw is (19|20|21) % faster than vxlan, pod to pod across nodes: request p50 0\.\d+ against \d\.\d+ ms/,
    );
    expect(said).toMatch(/ms \(95 % interval \d+ to \d+ %\)\.$/);
    const all = claims(faster);
    expect(all.find((one) => one.includes('throughput'))).toMatch(/carries 2\d % more than vxlan/);
    expect(all.find((one) => one.includes('gigabyte'))).toMatch(/spends (19|20|21) % less processor time than vxlan/);
  });

  test('says slower where it is slower', () => {
    expect(backendsHeadline(compared({ backend: 'host-gw', slower: 1.5 }))).toMatch(/^host-gw is (4\d|5\d) % slower/);
  });

  test('claims nothing where nothing is shown, and says what keeps it from it', () => {
    expect(claims(few)).toEqual([]);
    expect(backendsHeadline(few)).toBe(
      'No difference is shown between vxlan and host-gw: 2 and 2 repeats are too few for 95 %: 4 and 4 are enough.',
    );
    for (const rendered of [renderBackendsHtml(few), renderBackendsSummary(few)]) {
      expect(rendered).toContain('Nothing: no interval leaves out equality.');
      expect(rendered).toMatch(/too few for 95\s%/);
      expect(rendered).not.toMatch(/faster|slower than/);
    }
    expect(claims(equal).length).toBeLessThanOrEqual(2);
  });

  test('that ended before its first repeat says that nothing was measured', () => {
    const none = compareBackends([], syntheticIdentity([vxlan, { backend: 'host-gw', slower: 1 }]));
    expect(backendsHeadline(none)).toBe('Nothing was measured: it ended before the first repeat.');
    expect(renderBackendsHtml(none)).toContain('Nothing was measured');
    expect(renderBackendsSummary(none)).toContain('Nothing was measured');
  });

  test('has a row for each path, a column for each backend, and a dot for each repeat', () => {
    const html = renderBackendsHtml(faster);
    const lanes = html.split('data-dots="').slice(1);
    expect(lanes.length).toBe(3 * 10 + 2 * 6);
    for (const lane of lanes) expect(lane.match(/class="dot"/g)).toHaveLength(10);
    for (const one of [html, renderBackendsSummary(faster)]) {
      expect(one).toContain('from a pod through the Service');
      expect(one).toContain('node to node, without the overlay');
    }
    expect(html).toMatch(/<b>0\.\d\d \(0\.\d\d to 0\.\d\d\)<\/b>/);
  });

  test('says where a sample is too small for a quantile', () => {
    expect(renderBackendsSummary(few)).toContain('800 samples are too few');
    expect(renderBackendsSummary(faster)).not.toContain('samples are too few');
  });

  test('says what was skipped, where all of it lay, and how to do it again', () => {
    for (const rendered of [renderBackendsHtml(faster), renderBackendsSummary(faster)]) {
      expect(rendered).toContain('skipped: wireguard-native: the kernel has no WireGuard');
      expect(rendered).toContain('npx faultline compare-backends --repeat 10 --seed 7');
    }
    expect(renderBackendsHtml(faster)).toContain('MTU of pods 1450, ingress on agent-0, announcer on agent-0');
  });

  test('shows as text what a cluster said', () => {
    const hostile = { ...faster, limits: ['<script>alert(1)</script> | `x`'] };
    expect(renderBackendsHtml(hostile)).not.toContain('<script');
    expect(renderBackendsSummary(hostile)).not.toContain('<script');
  });
});
