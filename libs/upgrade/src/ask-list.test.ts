import type { Commander } from '@faultline/control';
import { memoryHistory } from '@faultline/history';
import { expect, test } from 'vitest';
import { askList } from './ask-list.ts';
import { status, type Case } from './assertion.ts';

/** A client whose curl answers each request in turn, and remembers what it was told. */
function clientWith(...answers: readonly string[]): { client: Commander; told: string[][] } {
  const told: string[][] = [];
  const exec: Commander['exec'] = async (argv) => {
    told.push([...argv]);
    const stdout = `${answers[told.length - 1] ?? answers.at(-1) ?? ''}\r\n\r\n`;
    return { stdout, stderr: '', exitCode: 0, durationMs: 1 };
  };
  return { client: { name: 'client', exec } as unknown as Commander, told };
}

const door = { address: '198.18.0.10', http: 80, https: 443 };

const caseOf = (requests: number): Case => ({
  name: 'shop',
  about: '',
  manifest: '',
  assertions: [
    {
      what: 'it answers',
      requests: Array.from({ length: requests }, () => ({ host: 'a.test', path: '/' })),
      saw: status,
      expected: { from: '200', to: '404' },
    },
  ],
});

const listing = (client: Commander) => {
  const history = memoryHistory();
  return { history, how: { client, door, history, signal: new AbortController().signal } };
};

test('a cookie that an answer sets is sent with the requests that follow, and with none before', async () => {
  const { client, told } = clientWith('HTTP/1.1 200 OK\r\nSet-Cookie: seven=pod-a; Path=/');
  await askList('old', [caseOf(3)], new Map(), listing(client).how);
  expect(told.map((argv) => argv.includes('cookie: seven=pod-a'))).toEqual([false, true, true]);
});

test('of the old Traefik the old answer is expected, of every later one the new answer', async () => {
  for (const [step, answer, asExpected] of [
    ['old', '200', true],
    ['old', '404', false],
    ['after', '404', true],
    ['back', '200', true],
  ] as const) {
    const { history, how } = listing(clientWith(`HTTP/1.1 ${answer} X`).client);
    await askList(step, [caseOf(1)], new Map(), how);
    expect(history.events).toMatchObject([{ step, saw: answer, statuses: [Number(answer)], asExpected }]);
  }
});
