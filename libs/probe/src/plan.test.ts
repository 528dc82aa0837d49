import { describe as about, expect, test } from 'vitest';
import { apiProbe, describe, edgeProbes, faultsOf, planSilences, podProbe, type ProbeSpec } from './plan.ts';

const edge = { address: '198.18.7.200', port: 80, host: 'userlist.faultline.test', path: '/users/1' };

about('the probes of an edge', () => {
  test('watch every layer, ARP where the interface is known', () => {
    const named = (specs: readonly ProbeSpec[]) => specs.map(({ name, rateHz }) => [name, rateHz]);
    const upper = [
      ['edge-icmp', 100],
      ['edge-tcp', 200],
      ['edge-http-new', 100],
      ['edge-http-kept', 100],
      ['edge-stream', 10],
    ];
    expect(named(edgeProbes(edge))).toEqual(upper);
    expect(named(edgeProbes({ ...edge, interface: 'eth0' }))).toEqual([...upper, ['edge-arp', 10]]);
  });

  test('watch UDP where its echo is known', () => {
    const [icmp, udp] = edgeProbes({ ...edge, echoPort: 8182 });
    expect([icmp?.name, udp]).toEqual([
      'edge-icmp',
      expect.objectContaining({ name: 'edge-udp', port: 8182, rateHz: 100 }),
    ]);
    expect(edgeProbes({ ...edge, kinds: ['udp'] })).toEqual([]);
  });

  test('are described with the layer of each', () => {
    const all = edgeProbes({ ...edge, echoPort: 8182, interface: 'eth0' });
    expect(all.map((spec) => describe(spec).layer)).toEqual(['icmp', 'udp', 'tcp', 'http', 'http', 'stream', 'arp']);
  });

  test('carry the prefix of another address', () => {
    const [one] = edgeProbes({ ...edge, prefix: 'other-agent-1', kinds: ['http-new'] });
    expect(one?.name).toBe('other-agent-1-http-new');
  });

  test('fit in one prober, with those of six other addresses', () => {
    const others = [0, 1, 2, 3, 4, 5].flatMap((index) =>
      edgeProbes({ ...edge, prefix: `other-${index}`, kinds: ['http-new'] }),
    );
    const slow = others.map((spec) => ({ ...spec, rateHz: 20 }));
    expect(
      faultsOf([...edgeProbes({ ...edge, echoPort: 8182, interface: 'eth0' }), ...slow, apiProbe('198.18.7.10')]),
    ).toEqual([]);
  });
});

test('a pod probe is named for both nodes, and drawn in its own layer', () => {
  const spec = podProbe('server-0', 'agent-1', '10.42.2.7', 8181);
  expect(describe(spec)).toEqual({
    name: 'pod:server-0:agent-1',
    layer: 'pod',
    what: 'GET http://10.42.2.7:8181/whoami (10.42.2.7) on a new connection',
    from: 'server-0',
    to: 'agent-1',
    rateHz: 20,
    timeoutMs: 250,
  });
});

test('the API is good when it answers, even that it does not know us', () => {
  expect(apiProbe('198.18.7.10', 'server-0')).toMatchObject({
    tls: true,
    good: [200, 401],
    to: 'server-0',
    timeoutMs: 1000,
  });
});

about('what cannot be sent', () => {
  const [one] = edgeProbes({ ...edge, kinds: ['tcp'] });
  if (!one) throw new Error('no probe to change');

  test.each([
    ['a rate beyond 500', [{ ...one, rateHz: 501 }], 'probe edge-tcp: rateHz is 501, allowed are 1 to 500'],
    ['a rate of nothing', [{ ...one, rateHz: Number.NaN }], 'probe edge-tcp: rateHz is NaN, allowed are 1 to 500'],
    [
      'a timeout of a minute',
      [{ ...one, timeoutMs: 60_000 }],
      'probe edge-tcp: timeoutMs is 60000, allowed are 10 to 10000',
    ],
    ['a name twice', [one, one], 'probe edge-tcp: a name is used twice'],
    [
      'a name with a line in it',
      [{ ...one, name: 'a\nb' }],
      `probe "a\\nb": a name is lower-case letters, digits, '-', '.' and ':'`,
    ],
  ] as const)('%s', (_, specs, fault) => {
    expect(faultsOf(specs)).toEqual([fault]);
  });

  test('a stream without patience', () => {
    const [stream] = edgeProbes({ ...edge, kinds: ['stream'] });
    if (stream?.kind !== 'stream') throw new Error('no stream to change');
    expect(faultsOf([{ ...stream, patienceMs: 350 }])).toEqual([
      'probe edge-stream: patienceMs is 350, allowed are more than timeoutMs, to 60000',
    ]);
  });

  test('more than one process can hold', () => {
    const many = ['a', 'b', 'c'].map((name) => ({ ...one, name, rateHz: 500 }));
    expect(faultsOf(many)).toEqual(['1500 samples a second in one prober, allowed are 1000: start another']);
  });
});

test('silences last from 0.3 to 3 s, with a second of service between them', () => {
  expect(planSilences(2, () => 0)).toEqual([
    { afterMs: 1000, lastingMs: 300 },
    { afterMs: 1000, lastingMs: 300 },
  ]);
  expect(planSilences(1, () => 0.5)).toEqual([{ afterMs: 1250, lastingMs: 1650 }]);
});
