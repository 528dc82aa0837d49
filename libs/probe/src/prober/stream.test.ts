/** The stream probe of the prober's program, against a server on loopback. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { classesOf, observe, type Seen } from '../observe.rig.ts';

const EVERY_MS = 100;

/** What became of the connections, from the first on. */
const storyOf = ({ lines }: Seen): readonly string[] =>
  lines.flatMap((line) => (line.type === 'stream' ? [`${line.connection} ${line.what}`] : []));
const storied = (seen: Seen, count: number) => storyOf(seen).length >= count;
const lost = ({ rows }: Seen) => rows.filter((row) => row[4] !== 'ok' && row[4] !== 'late');

interface Stream {
  /** Sends a line, or does whatever it is to be instead: called every 100 ms with the number of the line, from 0. */
  (response: ServerResponse, line: number, connection: number): void;
}

const say = (response: ServerResponse) => void response.write('{"sequence":1}\n');

async function streaming(act: Stream) {
  const timers: NodeJS.Timeout[] = [];
  let connections = 0;
  const server = createServer((_, response) => {
    const connection = ++connections;
    let line = 0;
    response.setHeader('x-answered-by', 'pod-1@agent-0');
    const next = () => act(response, line++, connection);
    next();
    timers.push(setInterval(next, EVERY_MS));
  });
  onTestFinished(() => {
    timers.forEach((timer) => clearInterval(timer));
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { port: (server.address() as AddressInfo).port, server };
}

const common = { name: 'it', from: 'here', to: 'there', address: '127.0.0.1', host: 'a.test', path: '/stream' };
/** Longer than in a run: this machine may be busy. */
const SILENCE_MS = 700;
const spec = (port: number, patienceMs = 5000) =>
  ({ ...common, kind: 'stream', rateHz: 10, timeoutMs: SILENCE_MS, port, patienceMs }) as const;

describe('a stream', () => {
  test('that goes on is good, on one connection, and says who serves it', async () => {
    const { port } = await streaming(say);
    const seen = await observe([spec(port)], ({ rows }) => rows.length >= 15);
    expect(classesOf(seen.rows)).toEqual(['ok']);
    expect(seen.rows.at(-1)?.[5]).toBe('pod-1@agent-0');
    expect(seen.lines.filter(({ type }) => type === 'stream')).toEqual([
      expect.objectContaining({ connection: 1, what: 'opened', detail: 'served by pod-1@agent-0' }),
    ]);
  });

  test('loses nothing by a line that is late', async () => {
    // Nothing between lines 4 and 7: 300 ms.
    const { port } = await streaming((response, line) => void ([5, 6].includes(line) || say(response)));
    const seen = await observe([spec(port)], ({ rows }) => rows.length >= 15);
    expect(classesOf(seen.rows)).toEqual(['ok']);
  });

  test('that falls silent loses the samples of the silence and no others, the first within its timeout', async () => {
    const heard: bigint[] = [];
    const { port } = await streaming((response, line) => {
      if (line > 5 && line < 26) return;
      heard.push(process.hrtime.bigint());
      say(response);
    });
    const seen = await observe([spec(port)], ({ rows }) =>
      rows.some(([, , , , result], at) => result === 'ok' && at > 32),
    );
    expect(classesOf(seen.rows)).toEqual(['ok', 'timeout']);
    const [begin, end] = [Number(heard[5]), Number(heard[6])];
    const [first] = lost(seen);
    for (const [, , sent] of lost(seen)) expect(sent > begin && sent < end).toBe(true);
    expect(lost(seen).length).toBeGreaterThan((end - begin) / 1e8 - 4);
    expect((first?.[2] ?? 0) + (first?.[3] ?? 0) - begin).toBeLessThan((SILENCE_MS + 100) * 1e6);
    expect(storyOf(seen)).toEqual(['1 opened']);
  });

  test('that is reset is opened again at once, and has lost one sample', async () => {
    const { port } = await streaming((response, line, connection) =>
      connection === 1 && line === 8 ? response.socket?.resetAndDestroy() : say(response),
    );
    const seen = await observe([spec(port)], ({ rows }) => rows.length >= 20);
    expect(lost(seen).map((row) => row[4])).toEqual(['reset']);
    expect(storyOf(seen)).toEqual(['1 opened', '1 reset', '2 opened']);
  });

  test('that is ended politely has lost a sample too', async () => {
    const { port } = await streaming((response, line, connection) =>
      connection === 1 && line === 8 ? response.end() : say(response),
    );
    const seen = await observe([spec(port)], ({ rows }) => rows.length >= 20);
    expect(lost(seen).map((row) => row[4])).toEqual(['reset']);
    expect(storyOf(seen)).toEqual(['1 opened', '1 closed', '2 opened']);
  });

  test('that is silent beyond all patience is abandoned for another', async () => {
    const { port } = await streaming((response, line, connection) => {
      if (connection > 1 || line < 4) say(response);
    });
    const seen = await observe([spec(port, 1000)], (now) => storied(now, 3) && now.rows.length >= 25);
    expect(storyOf(seen)).toEqual(['1 opened', '1 abandoned', '2 opened']);
    expect(seen.lines).toContainEqual(
      expect.objectContaining({ what: 'abandoned', detail: 'silent for 1.0 s, served by pod-1@agent-0' }),
    );
    expect(new Set(lost(seen).map((row) => row[4]))).toEqual(new Set(['timeout']));
    expect(seen.rows.at(-1)?.[4]).toBe('ok');
  });

  test('that is opened after a long silence is not abandoned before its first line', async () => {
    const { port } = await streaming((response, line, connection) => {
      if (connection === 1 ? line < 4 : line > 4) say(response);
      else response.flushHeaders();
    });
    const seen = await observe([spec(port, 1000)], ({ rows }) => rows.length >= 30);
    expect(storyOf(seen)).toEqual(['1 opened', '1 abandoned', '2 opened']);
    expect(seen.rows.at(-1)?.[4]).toBe('ok');
  });

  test('that is answered with an error has its class, and no connection', async () => {
    let asked = 0;
    const { port } = await streaming((response, line) => {
      if (line === 0) asked++;
      response.statusCode = 503;
      response.end();
    });
    const seen = await observe([spec(port)], ({ rows }) => rows.length >= 20);
    expect(classesOf(seen.rows)).toEqual(['http-503']);
    expect(storyOf(seen)).toEqual([]);
    expect(asked).toBeGreaterThan(3);
    expect(asked).toBeLessThan(14);
  });

  test('is asked for four times a second where it is refused', async () => {
    const { port, server } = await streaming(say);
    server.close();
    const seen = await observe([spec(port)], ({ rows }) => rows.length >= 15);
    expect(classesOf(seen.rows)).toEqual(['refused']);
    expect(storyOf(seen)).toEqual([]);
  });
});
