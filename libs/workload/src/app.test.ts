import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const MAIN = join(import.meta.dirname, 'app/main.ts');

/** The real app, as a child process on loopback. */
async function startApp(env: Readonly<Record<string, string>> = {}) {
  const started = performance.now();
  const child = spawn(process.execPath, [MAIN], {
    env: { PORT: '0', ECHO_PORT: '0', LISTEN: '127.0.0.1', POD_NAME: 'pod-3', NODE_NAME: 'agent-1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit') as Promise<[code: number | null, signal: string | null]>;
  const stderr = text(child.stderr);
  const lines = createInterface(child.stdout);
  const [line] = (await Promise.race([once(lines, 'line'), exited.then(() => ['{}'])])) as [string];
  const { listening, echo } = JSON.parse(line) as { listening?: number; echo?: number };
  return {
    child,
    exited,
    stderr,
    readyAfterMs: performance.now() - started,
    port: listening ?? 0,
    echo: echo ?? 0,
    url: (path: string) => `http://127.0.0.1:${listening}${path}`,
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  };
}

/** What comes back for bytes sent as they are. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

/** Asked by every test that does not end it. */
let app: Awaited<ReturnType<typeof startApp>>;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.dispose]());

test('the app is ready in less than a second', () => {
  expect(app.readyAfterMs).toBeLessThan(1000);
});

describe('the API of userlist', () => {
  test('there are ten users, numbered 1 to 10, each with a name of its own', async () => {
    const users = (await (await fetch(app.url('/users'))).json()) as { id: number; name: string }[];
    expect(users.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(new Set(users.map(({ name }) => name)).size).toBe(10);
  });

  test('one user is what the list has', async () => {
    const users = (await (await fetch(app.url('/users'))).json()) as unknown[];
    const answer = await fetch(app.url('/users/10'));
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toEqual(users[9]);
    expect(users[0]).toEqual({ id: 1, name: 'Noemi pod-3', gender: 'F', image: '/assets/image/cat1.jpg' });
  });

  test('the same user has another name in another pod', async () => {
    using other = await startApp({ POD_NAME: 'pod-4' });
    const names = await Promise.all(
      [app, other].map(async ({ url }) => ((await (await fetch(url('/users/1'))).json()) as { name: string }).name),
    );
    expect(names).toEqual(['Noemi pod-3', 'Noemi pod-4']);
  });

  test.each(['/users/0', '/users/11', '/users/99999999999999999999'])(
    '%s is nobody: 200 without a body',
    async (path) => {
      const answer = await fetch(app.url(path));
      expect([answer.status, await answer.text()]).toEqual([200, '']);
    },
  );

  test('an id that is no number is 400', async () => {
    expect((await fetch(app.url('/users/x'))).status).toBe(400);
  });
});

describe('who answered', () => {
  test.each(['/users', '/users/1', '/users/11', '/healthz', '/whoami', '/slow?ms=0', '/nothing-here', '/%zz'])(
    '%s says the pod, the node and the request id',
    async (path) => {
      const { headers } = await fetch(app.url(path), { headers: { 'x-request-id': 'r-17' } });
      expect([headers.get('x-answered-by'), headers.get('x-request-id')]).toEqual(['pod-3@agent-1', 'r-17']);
    },
  );

  test('an answer has no request id where the request had none', async () => {
    expect((await fetch(app.url('/users'))).headers.has('x-request-id')).toBe(false);
  });

  test('/whoami tells what the app sees of the client', async () => {
    const answer = await fetch(app.url('/whoami'), {
      headers: { 'x-forwarded-for': '198.18.0.100', 'x-request-id': 'r-1' },
    });
    expect(await answer.json()).toEqual({
      pod: 'pod-3',
      node: 'agent-1',
      address: '127.0.0.1',
      remoteAddress: '127.0.0.1',
      forwardedFor: '198.18.0.100',
      requestId: 'r-1',
    });
  });

  test('/whoami pads its answer on request, and refuses to pad it without end', async () => {
    const padded = await fetch(app.url('/whoami?pad=8192'));
    expect(await padded.json()).toMatchObject({ pod: 'pod-3', pad: '.'.repeat(8192) });
    for (const pad of ['65537', '-1', 'x', '']) {
      expect((await fetch(app.url(`/whoami?pad=${pad}`))).status, pad).toBe(400);
    }
  });
});

describe('HTTP', () => {
  test('an unknown path is 404, whatever objects inherit', async () => {
    const statuses = await Promise.all(
      ['/', '/nope', '/constructor', '/users/1/2'].map(async (path) => (await fetch(app.url(path))).status),
    );
    expect(statuses).toEqual([404, 404, 404, 404]);
  });

  test.each(['/%zz', '//', '*', 'http://elsewhere/users'])('the target %s is 400', async (target) => {
    expect(await raw(app.port, `GET ${target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 400 /,
    );
  });

  test('what is no HTTP is 400, and says who answered', async () => {
    const answer = await raw(app.port, 'hello\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('x-answered-by: pod-3@agent-1');
  });

  test('HEAD is GET without the body', async () => {
    const [head, get] = await Promise.all(['HEAD', 'GET'].map((method) => fetch(app.url('/users'), { method })));
    expect([head?.status, await head?.text()]).toEqual([200, '']);
    expect(head?.headers.get('content-length')).toBe(get?.headers.get('content-length'));
  });

  test('HEAD of the stream ends', async () => {
    expect((await fetch(app.url('/stream'), { method: 'HEAD' })).status).toBe(200);
  });

  test('another method is 405 and told what is allowed', async () => {
    const answer = await fetch(app.url('/users'), { method: 'DELETE' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  test('a connection is kept', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports: (number | undefined)[] = [];
    for (let round = 0; round < 3; round++) {
      const [answer] = await once(request(app.url('/users'), { agent }).end(), 'response');
      ports.push(answer.socket.localPort);
      await text(answer);
    }
    agent.destroy();
    expect(new Set(ports).size).toBe(1);
  });

  test('/slow takes the time it is told', async () => {
    const started = performance.now();
    await (await fetch(app.url('/slow?ms=150'))).text();
    expect(performance.now() - started).toBeGreaterThanOrEqual(149);
  });

  test.each(['/slow', '/slow?ms=', '/slow?ms=-1', '/slow?ms=60001', '/slow?ms=1e3'])('%s is 400', async (path) => {
    expect((await fetch(app.url(path))).status).toBe(400);
  });

  test('/stream sends numbered lines every 100 ms until the client leaves', async () => {
    const answer = await fetch(app.url('/stream'));
    const lines: unknown[] = [];
    const started = performance.now();
    let rest = '';
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts.map((line) => JSON.parse(line) as unknown));
      if (lines.length >= 4) break;
    }
    expect(performance.now() - started).toBeGreaterThan(250);
    expect(lines.slice(0, 4)).toEqual([0, 1, 2, 3].map((sequence) => ({ sequence, pod: 'pod-3' })));
    expect((await fetch(app.url('/healthz'))).status).toBe(200);
  });
});

describe('UDP', () => {
  /** A socket to the echo, and what comes back to it. */
  function sender(port: number) {
    const socket = createSocket('udp4');
    const heard: string[] = [];
    socket.on('message', (datagram) => heard.push(datagram.toString()));
    return {
      heard,
      say: (words: string) => socket.send(words, port, '127.0.0.1'),
      [Symbol.dispose]: () => void socket.close(),
    };
  }

  test('a datagram comes back with the pod and the node behind it', async () => {
    using client = sender(app.echo);
    client.say('sample 7');
    await expect.poll(() => client.heard).toEqual(['sample 7 pod-3@agent-1']);
  });

  test('one of 512 bytes comes back, a longer one does not', async () => {
    using client = sender(app.echo);
    client.say('a'.repeat(513));
    client.say('b'.repeat(512));
    await expect.poll(() => client.heard).toEqual([`${'b'.repeat(512)} pod-3@agent-1`]);
  });

  test('it comes back while the app drains', async () => {
    using draining = await startApp({ DRAIN_MS: '5000' });
    draining.child.kill('SIGTERM');
    await expect.poll(async () => (await fetch(draining.url('/healthz'))).status).toBe(503);
    using client = sender(draining.echo);
    client.say('still');
    await expect.poll(() => client.heard).toEqual(['still pod-3@agent-1']);
  });
});

describe('SIGTERM', () => {
  test('an idle app exits with 0 at once', async () => {
    using leaver = await startApp();
    const started = performance.now();
    leaver.child.kill('SIGTERM');
    expect(await leaver.exited).toEqual([0, null]);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('a request in flight is finished, and nobody new is accepted', async () => {
    using leaver = await startApp();
    const inFlight = fetch(leaver.url('/slow?ms=600'));
    // A second answer on another connection shows that the first request has long arrived.
    await (await fetch(leaver.url('/slow?ms=100'))).text();
    leaver.child.kill('SIGTERM');
    await expect
      .poll(() =>
        fetch(leaver.url('/users')).then(
          () => 'accepted',
          () => 'refused',
        ),
      )
      .toBe('refused');
    expect(await (await inFlight).json()).toEqual({ ms: 600 });
    expect(await leaver.exited).toEqual([0, null]);
  });

  test('/healthz says 503 while the app drains, and its other answers close the connection', async () => {
    using draining = await startApp({ DRAIN_MS: '5000' });
    draining.child.kill('SIGTERM');
    await expect.poll(async () => (await fetch(draining.url('/healthz'))).status).toBe(503);
    const answer = await fetch(draining.url('/users'));
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
  });

  test('a stream ends cleanly', async () => {
    using leaver = await startApp();
    const answer = await fetch(leaver.url('/stream'));
    leaver.child.kill('SIGTERM');
    expect(await answer.text()).toMatch(/"sequence":\d+,"pod":"pod-3"\}\n$/);
    expect(await leaver.exited).toEqual([0, null]);
  });

  test('what takes longer than the grace is cut off', async () => {
    using impatient = await startApp({ GRACE_MS: '200' });
    const cutOff = fetch(impatient.url('/slow?ms=60000')).then(
      () => 'answered',
      () => 'cut off',
    );
    await (await fetch(impatient.url('/slow?ms=100'))).text();
    const started = performance.now();
    impatient.child.kill('SIGTERM');
    expect(await impatient.exited).toEqual([0, null]);
    expect(performance.now() - started).toBeLessThan(2000);
    expect(await cutOff).toBe('cut off');
  });
});

test.each([
  { PORT: 'http' },
  { PORT: '65536' },
  { ECHO_PORT: 'echo' },
  { GRACE_MS: '-1' },
  { POD_NAME: 'a\r\nb' },
  { NODE_NAME: 'ä' },
])('%o is refused with its name, its value and what is allowed', async (env) => {
  using refused = await startApp(env);
  const [[name, value]] = Object.entries(env) as [[string, string]];
  expect(await refused.stderr).toContain(`${name} is ${JSON.stringify(value)}. Allowed: `);
  expect((await refused.exited)[0]).toBe(1);
});
