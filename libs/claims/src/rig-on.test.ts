import { expect, test } from 'vitest';
import { answerOf } from './rig-on.ts';

test('what curl prints is an answer: status, headers by lower case, body', () => {
  const text =
    'HTTP/1.1 200 OK\r\nX-Answered-By: a@server-0\r\nContent-Type: application/json\r\n\r\n{"id":1}\n200 0.004';
  expect(answerOf(text)).toEqual({
    status: '200',
    headers: { 'x-answered-by': 'a@server-0', 'content-type': 'application/json' },
    body: '{"id":1}',
    seconds: 0.004,
  });
});

test('no answer is 000, after the time that it took', () => {
  expect(answerOf('\n000 0.2')).toMatchObject({ status: '000', body: '', seconds: 0.2 });
});
