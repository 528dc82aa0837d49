/** The prober in real containers: what it sees is what is there, and it outlives nobody. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { outages } from '@faultline/checker';
import { done, notYet, waitFor, type Running } from '@faultline/control';
import { memoryHistory, systemClock, type SampleRow } from '@faultline/history';
import { calibrate, CALIBRATED, startProber, type Prober } from '@faultline/probe';
import { edgeProbes, planSilences, type ProbeSpec } from '@faultline/probe/plan';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openRig, type Rig } from './fault.rig.ts';

const { signal } = new AbortController();
const PORT = 8080;
const ECHO_PORT = 8182;
/** Answers on every path, streams, and echoes UDP; ends with its standard input. */
const APP = `
  const server = require('node:http').createServer((request, response) => {
    response.setHeader('x-answered-by', 'pod-0@agent-0');
    if (request.url !== '/stream') return void response.end('{}');
    const lines = setInterval(() => response.write('{}\\n'), 100);
    response.once('close', () => clearInterval(lines));
  });
  server.listen(${PORT});
  const echo = require('node:dgram').createSocket('udp4');
  echo.on('message', (datagram, { port, address }) => echo.send(datagram + ' pod-0@agent-0', port, address));
  echo.bind(${ECHO_PORT});
  process.stdin.resume().on('end', () => process.exit());`;

let rig: Rig;
let app: Running;
let macs: readonly string[];

beforeAll(async () => {
  rig = await openRig(`probe-${systemClock.now().toString(36)}`);
  macs = await Promise.all(
    rig.nodes.map(async (node) => (await node.exec(['cat', '/sys/class/net/eth0/address'], { signal })).stdout.trim()),
  );
  app = await startApp();
});
afterAll(() => rig[Symbol.asyncDispose]());

async function startApp(): Promise<Running> {
  const running = await rig.nodes[0].start(['node', '-e', APP]);
  const curl = ['curl', '--silent', '--max-time', '1', `http://${rig.nodes[0].address}:${PORT}/`];
  const ask = async () =>
    (await rig.client.exec(curl, { signal })).stdout === '{}' ? done(undefined) : notYet('no answer');
  await waitFor('the app', ask, { signal, withinMs: 20_000 });
  return running;
}

const PLACE = { port: PORT, echoPort: ECHO_PORT, host: 'a.test', path: '/', interface: 'eth0' } as const;

type Kinds = NonNullable<Parameters<typeof edgeProbes>[0]['kinds']>;

const probesOf = (address: string, kinds?: Kinds): readonly ProbeSpec[] =>
  edgeProbes({ ...PLACE, address, ...(kinds && { kinds }) });

/** A prober on the client, and questions to its history. */
async function observe(specs: readonly ProbeSpec[]) {
  const history = memoryHistory();
  const nodeOfMac = (mac: string) => rig.nodes[macs.indexOf(mac)]?.name ?? null;
  const prober = await startProber(rig.client, { name: 'client' }, specs, { history, signal, nodeOfMac });
  onTestFinished(() => prober.stop());
  const rows = (probe: string): readonly SampleRow[] =>
    history.events.flatMap((event) => (event.type === 'samples' && event.probe === probe ? event.rows : []));
  const isSeen = (probe: string, isIt: (row: SampleRow) => boolean, count = 5) => {
    const ask = async () => {
      const last = rows(probe).slice(-count);
      return last.length === count && last.every(isIt)
        ? done(undefined)
        : notYet(last.map((row) => row.slice(4).join(' ')).join(', '));
    };
    return waitFor(`${count} such samples of ${probe}`, ask, { signal, withinMs: 20_000 });
  };
  const becomes = (probe: string, result: SampleRow[4]) => isSeen(probe, (row) => row[4] === result);
  const streamed = () =>
    history.events.flatMap((event) => (event.type === 'stream' ? [`${event.connection} ${event.what}`] : []));
  return { history, prober, rows, isSeen, becomes, streamed };
}

const nft = (rules: string) => rig.nodes[0].side.exec(['nft', '-f', '-'], { signal, input: rules });
const dropped = (verdict: string) =>
  `table inet probe_suite { chain in { type filter hook prerouting priority -300; ip saddr ${rig.client.address} ${verdict}; }; }`;

async function ended(prober: Prober): Promise<void> {
  await waitFor('its end', async () => (prober.alive ? notYet('alive') : done(undefined)), {
    signal,
    withinMs: 10_000,
  });
}

describe('from the LAN the prober sees', () => {
  test('every layer good, and who answered', async () => {
    const { becomes, prober, rows, history } = await observe(probesOf(rig.nodes[0].address));
    for (const { name } of probesOf(rig.nodes[0].address)) await becomes(name, 'ok');
    await prober.stop();
    const answeredBy = (probe: string) => rows(probe).findLast((row) => row[4] === 'ok')?.[5];
    for (const kind of ['udp', 'http-new', 'http-kept', 'stream'])
      expect(answeredBy(`edge-${kind}`)).toBe('pod-0@agent-0');
    expect(answeredBy('edge-arp')).toBe(macs[0]);
    const ends = history.events.flatMap((event) => (event.type === 'probe.end' ? [event] : []));
    expect(ends.map(({ probe }) => probe)).toEqual([
      'edge-icmp',
      'edge-udp',
      'edge-tcp',
      'edge-http-new',
      'edge-http-kept',
      'edge-stream',
      'edge-arp',
    ]);
    for (const { probe, sent } of ends) expect(sent).toBe(rows(probe).filter((row) => row[4] !== 'late').length);
  });

  test('nothing skipped: each sample up to the end has one row', async () => {
    const { becomes, prober, rows } = await observe(probesOf(rig.nodes[0].address, ['icmp', 'tcp']));
    await becomes('edge-tcp', 'ok');
    await prober.stop();
    for (const probe of ['edge-icmp', 'edge-tcp']) {
      const sequences = rows(probe)
        .map(([sequence]) => sequence)
        .toSorted((a, b) => a - b);
      expect(sequences).toEqual([...sequences.keys()]);
    }
  });

  test('a closed port refused, and open again', async () => {
    const kinds = ['icmp', 'tcp', 'http-kept', 'stream'] as const;
    const { becomes, streamed } = await observe(probesOf(rig.nodes[0].address, kinds));
    await becomes('edge-tcp', 'ok');
    await becomes('edge-stream', 'ok');
    await app[Symbol.asyncDispose]();
    await becomes('edge-tcp', 'refused');
    await becomes('edge-http-kept', 'refused');
    await becomes('edge-stream', 'refused');
    await becomes('edge-icmp', 'ok');
    app = await startApp();
    await becomes('edge-tcp', 'ok');
    await becomes('edge-http-kept', 'ok');
    await becomes('edge-stream', 'ok');
    expect(streamed()).toEqual(['1 opened', '1 reset', '2 opened']);
  });

  test('a closed UDP port refused, once a second: the kernel says so no more often', async () => {
    const { rows } = await observe(probesOf(rig.nodes[0].address, ['udp']).map((spec) => ({ ...spec, port: 9 })));
    const saysSo = async () => {
      const classes = rows('edge-udp').map((row) => row[4]);
      return classes.includes('refused') && classes.length > 50
        ? done(undefined)
        : notYet([...new Set(classes)].join());
    };
    await waitFor('a refusal', saysSo, { signal, withinMs: 10_000 });
    expect(rows('edge-udp').map((row) => row[4])).not.toContain('ok');
  });

  test('dropped packets as timeouts on every layer above ARP', async () => {
    const above = ['icmp', 'udp', 'tcp', 'http-new', 'http-kept', 'stream'];
    const { becomes, streamed } = await observe(probesOf(rig.nodes[0].address));
    for (const kind of above) await becomes(`edge-${kind}`, 'ok');
    await nft(dropped('drop'));
    for (const kind of above) await becomes(`edge-${kind}`, 'timeout');
    await becomes('edge-arp', 'ok');
    await nft('delete table inet probe_suite');
    for (const kind of above) await becomes(`edge-${kind}`, 'ok');
    // What the silence was, a black hole, only the event tells: less than the patience of five seconds.
    expect(streamed()).toEqual(['1 opened']);
  });

  test('a black hole as a stream that is abandoned, and opened again when the address answers', async () => {
    const { becomes, streamed } = await observe(probesOf(rig.nodes[0].address, ['stream']));
    await becomes('edge-stream', 'ok');
    await nft(dropped('drop'));
    const abandoned = async () =>
      streamed().includes('1 abandoned') ? done(undefined) : notYet(streamed().join(', '));
    await waitFor('the end of its patience', abandoned, { signal, withinMs: 10_000 });
    await nft('delete table inet probe_suite');
    await becomes('edge-stream', 'ok');
    expect(streamed()).toEqual(['1 opened', '1 abandoned', '2 opened']);
  });

  test('what a router calls unreachable as no route', async () => {
    const { becomes, rows } = await observe(probesOf(rig.nodes[0].address, ['tcp']));
    await becomes('edge-tcp', 'ok');
    // The kernel says so once a second only, and drops the rest silently.
    await nft(dropped('reject with icmp type host-unreachable').replace('prerouting', 'input'));
    const saysSo = async () => {
      const classes = rows('edge-tcp')
        .slice(-400)
        .map((row) => row[4]);
      return classes.includes('no-route') && classes.includes('timeout')
        ? done(undefined)
        : notYet([...new Set(classes)].join());
    };
    await waitFor('no route', saysSo, { signal, withinMs: 10_000 });
    await nft('delete table inet probe_suite');
  });
});

describe('by ARP the prober sees', () => {
  const owned = () => `${rig.nodes[0].address.replace(/\.\d+$/, '')}.200`;

  test('nobody, one owner, and two at once', async () => {
    const { becomes, isSeen } = await observe(probesOf(owned(), ['arp']));
    await becomes('edge-arp', 'timeout');
    await rig.nodes[0].side.exec(['ip', 'address', 'add', `${owned()}/32`, 'dev', 'eth0'], { signal });
    await isSeen('edge-arp', (row) => row[5] === macs[0]);
    await rig.nodes[1].side.exec(['ip', 'address', 'add', `${owned()}/32`, 'dev', 'eth0'], { signal });
    await isSeen('edge-arp', (row) => row[5]?.split(',').toSorted().join() === macs.toSorted().join());
    await rig.nodes[0].side.exec(['ip', 'address', 'del', `${owned()}/32`, 'dev', 'eth0'], { signal });
    await isSeen('edge-arp', (row) => row[5] === macs[1]);
  });

  test('a gratuitous ARP, when it passed, and whose it is', async () => {
    const { becomes, history } = await observe(probesOf(rig.nodes[0].address, ['arp']));
    await becomes('edge-arp', 'ok');
    const before = history.clock.now();
    await rig.nodes[1].side.exec(['arping', '-c', '1', '-U', '-S', owned(), '-i', 'eth0', owned()], {
      signal,
      accept: 'any',
    });
    const after = history.clock.now();
    const gratuitous = () => history.events.find((event) => event.type === 'arp' && event.gratuitous);
    await waitFor('it', async () => (gratuitous() ? done(undefined) : notYet('none')), { signal, withinMs: 5000 });
    expect(gratuitous()).toMatchObject({ node: rig.nodes[1].name, senderMac: macs[1], senderAddress: owned() });
    const seen = gratuitous();
    expect(seen?.type === 'arp' && seen.time > before && seen.time < after).toBe(true);
  });

  test("without a trace in the client's own neighbour table", async () => {
    const neighbours = async () =>
      (await rig.client.exec(['ip', '-4', 'neigh', 'show', owned()], { signal })).stdout.trim();
    const { becomes } = await observe(probesOf(owned(), ['arp']));
    await becomes('edge-arp', 'ok');
    expect(await neighbours()).toBe('');
  });

  test("whom the client's kernel sends to, from the first state on, and that a gratuitous ARP changed it", async () => {
    const address = owned();
    const { history } = await observe(probesOf(address, ['arp']));
    const neighbours = () => history.events.flatMap((event) => (event.type === 'neighbour' ? [event] : []));
    const isNode = (index: 0 | 1) =>
      waitFor(
        `the entry of ${rig.nodes[index].name}`,
        async () => {
          const last = neighbours().at(-1);
          return last?.node === rig.nodes[index].name ? done(last) : notYet(JSON.stringify(last));
        },
        { signal, withinMs: 10_000 },
      );
    const hasState = async () => (neighbours().length > 0 ? done(undefined) : notYet('none'));
    await waitFor('the first state', hasState, { signal, withinMs: 5000 });
    expect(neighbours()[0]).toMatchObject({ address, mac: null, state: 'GONE', node: null });
    const [, second] = rig.nodes;
    await second.side.exec(['ip', 'address', 'add', `${address}/32`, 'dev', 'eth0'], { signal, accept: 'any' });
    await rig.client.exec(['ping', '-c', '1', '-W', '1', address], { signal });
    expect(await isNode(1)).toMatchObject({ address, mac: macs[1], state: 'REACHABLE' });
    const announce = ['arping', '-c', '1', '-U', '-S', address, '-i', 'eth0', address];
    const before = history.clock.now();
    await rig.nodes[0].side.exec(announce, { signal, accept: 'any' });
    const changed = await isNode(0);
    const packet = history.events.find((event) => event.type === 'arp' && event.gratuitous && event.time > before);
    expect(packet?.type === 'arp' ? (changed.time - packet.time) / 1e6 : Number.NaN).toBeLessThan(50);
    await second.side.exec(['ip', 'address', 'del', `${address}/32`, 'dev', 'eth0'], { signal });
  });
});

describe('the prober ends', () => {
  const inContainer = async () =>
    (await rig.client.exec(['pgrep', '-c', '-f', 'probe/main.ts'], { signal, accept: 'any' })).stdout.trim();
  const gone = () =>
    waitFor(
      'no prober in the client',
      async () => ((await inContainer()) === '0' ? done(undefined) : notYet('it runs')),
      {
        signal,
        withinMs: 10_000,
      },
    );

  test('when the harness is killed', async () => {
    const program = `
      import { containerCommander, engine } from '@faultline/control';
      import { memoryHistory } from '@faultline/history';
      import { startProber } from '@faultline/probe';
      const [id, specs] = process.argv.slice(1);
      const commander = containerCommander(await engine(), id, 'client');
      const options = { history: memoryHistory(), signal: new AbortController().signal };
      await startProber(commander, { name: 'client' }, JSON.parse(specs), options);
      process.stdout.write('started');`;
    const argv = [
      '--input-type=module',
      '-e',
      program,
      rig.client.container,
      JSON.stringify(probesOf(rig.nodes[0].address)),
    ];
    const harness = spawn(process.execPath, argv, { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] });
    await once(harness.stdout, 'data');
    expect(await inContainer()).toBe('1');
    harness.kill('SIGKILL');
    await gone();
  });

  test('when it is stopped, with tcpdump', async () => {
    const { becomes, prober } = await observe(probesOf(rig.nodes[0].address));
    await becomes('edge-arp', 'ok');
    await prober.stop();
    await gone();
    expect((await rig.client.exec(['pgrep', '-c', 'tcpdump'], { signal, accept: 'any' })).stdout.trim()).toBe('0');
  });

  test('when its node is killed, without an error', async () => {
    const history = memoryHistory();
    const { container, side, name } = rig.nodes[1];
    const prober = await startProber(side, { name }, probesOf(rig.nodes[0].address, ['tcp']), { history, signal });
    await rig.engine.getContainer(container).kill();
    await ended(prober);
    await prober.stop();
    expect(history.events.at(-1)).toMatchObject({ type: 'probe.end', probe: 'edge-tcp' });
    await rig.engine.getContainer(container).start();
  });
});

test('outages of known length lie within the bound that the checker states', async () => {
  const history = memoryHistory();
  const client = { commander: rig.client, address: rig.client.address };
  const stub = { commander: rig.nodes[0].side, address: rig.nodes[0].address };
  // One seed, and no other in the next run, is not needed: the phase to the schedule is another each time.
  const truths = await calibrate({ client, stub, silences: planSilences(3, () => 0.1), history, signal });
  for (const kind of CALIBRATED) {
    const probe = `calibrate-${kind}`;
    const rows = history.events.flatMap((event) =>
      event.type === 'samples' && event.probe === probe ? event.rows : [],
    );
    const found = outages(rows, { probe, rateHz: kind === 'tcp' ? 200 : 100, origin: 0 });
    for (const { begin, end, bound } of truths) {
      const overlapping = found.filter((one) => one.begin * 1e6 < end && (one.end ?? Infinity) * 1e6 > begin);
      const outage = overlapping.toSorted((a, b) => b.lost - a.lost)[0];
      const doubt = (2 * bound) / 1e6;
      const shown = `${probe}: ${(end - begin) / 1e6} ms from ${begin / 1e6}; found ${JSON.stringify(overlapping)}`;
      expect(outage, `${probe} missed an outage`).toBeDefined();
      expect((end - begin) / 1e6 - (outage?.duration.low ?? Infinity), shown).toBeGreaterThanOrEqual(-doubt);
      expect((outage?.duration.high ?? -Infinity) - (end - begin) / 1e6, shown).toBeGreaterThanOrEqual(-doubt);
    }
  }
});
