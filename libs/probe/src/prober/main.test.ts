/** The prober's program as a process, against servers on loopback. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import type { SampleRow } from '@faultline/history';
import { afterEach, describe, expect, test } from 'vitest';
import type { ProbeSpec } from '../spec.ts';
import { classesOf, observe as observeAll } from '../observe.rig.ts';

const MAIN = join(import.meta.dirname, 'main.ts');
const opened: { close(): unknown }[] = [];

afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

async function listening(server: Server): Promise<number> {
  opened.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

const http = (listener: RequestListener) => listening(createServer(listener));

/** Starts the prober; it sees its input end when `seen` says so. */
const observe = async (specs: readonly ProbeSpec[], seen: (rows: readonly SampleRow[]) => boolean) =>
  (await observeAll(specs, ({ rows }) => seen(rows))).rows;

const common = { name: 'it', rateHz: 100, timeoutMs: 100, from: 'here', to: 'there', address: '127.0.0.1' };
const page = { ...common, host: 'a.test', path: '/', layer: 'http' } as const;
const after = (count: number) => (rows: readonly SampleRow[]) => rows.length >= count;
describe('the prober', () => {
  test('keeps to its schedule and numbers every sample, until its input ends', async () => {
    const port = await listening(createTcpServer((socket) => socket.on('error', () => {})));
    const rows = await observe([{ ...common, kind: 'tcp', port }], after(30));
    expect(rows.map(([sequence]) => sequence)).toEqual([...rows.keys()]);
    const first = rows[0]?.[1] ?? 0;
    for (const [sequence, intended, sent] of rows) {
      expect(intended - first).toBe(sequence * 10e6);
      expect(sent).toBeGreaterThanOrEqual(intended);
    }
    expect(classesOf(rows)).toContain('ok');
  });

  test('ends at once when nobody ever tells it what to do', async () => {
    const prober = spawn(process.execPath, [MAIN], { stdio: ['ignore', 'ignore', 'inherit'] });
    expect(await once(prober, 'exit')).toEqual([0, null]);
  });

  test('sees a closed port as refused', async () => {
    const server = createTcpServer();
    const port = await listening(server);
    server.close();
    expect(classesOf(await observe([{ ...common, kind: 'tcp', port }], after(5)))).toEqual(['refused']);
  });

  test('says who answered', async () => {
    const port = await http((_, response) => response.setHeader('x-answered-by', 'pod-1@agent-0').end('{}'));
    const rows = await observe([{ ...page, kind: 'http-new', port }], after(5));
    expect(rows.find((row) => row[4] === 'ok')?.[5]).toBe('pod-1@agent-0');
  });

  test('counts an answer that does not come as a timeout, dated when it was given up', async () => {
    const port = await http(() => {});
    const rows = await observe([{ ...page, kind: 'http-new', port }], after(5));
    expect(classesOf(rows)).toEqual(['timeout']);
    for (const [, , , duration] of rows.filter((row) => row[4] === 'timeout')) expect(duration).toBeGreaterThan(99e6);
  });

  test('sees a connection that is cut off in the middle of an answer as reset', async () => {
    const port = await http((request) => request.socket.resetAndDestroy());
    expect(classesOf(await observe([{ ...page, kind: 'http-new', port }], after(5)))).toEqual(['reset']);
  });

  test('sees nonsense as a wrong answer', async () => {
    const port = await listening(createTcpServer((socket) => socket.on('error', () => {}).end('hello\r\n\r\n')));
    expect(classesOf(await observe([{ ...page, kind: 'http-new', port }], after(5)))).toEqual(['wrong-answer']);
  });

  test('uses one kept connection as long as it is free', async () => {
    const connections = new Set<unknown>();
    const port = await http((request, response) => {
      connections.add(request.socket);
      response.end('{}');
    });
    await observe([{ ...page, kind: 'http-kept', port, rateHz: 10, timeoutMs: 1000 }], after(6));
    expect(connections.size).toBe(1);
  });

  test('is not held up by a kept connection that is stuck', async () => {
    let asked = 0;
    const port = await http((_, response) => {
      if (asked++ !== 3) response.end('{}');
    });
    const rows = await observe([{ ...page, kind: 'http-kept', port }], after(30));
    const stuck = rows.find((row) => row[4] === 'timeout');
    if (!stuck) throw new Error('none was stuck');
    const [, , sent, duration] = stuck;
    const meanwhile = rows.filter((row) => row[4] === 'ok' && row[2] > sent && row[2] + row[3] < sent + duration);
    expect(meanwhile.length).toBeGreaterThan(0);
  });
});
