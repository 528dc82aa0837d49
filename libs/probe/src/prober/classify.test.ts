import { describe, expect, test } from 'vitest';
import { classOfAnswer, classOfError } from './classify.ts';

const failed = (code: string) => Object.assign(new Error('it failed'), { code });
const answer = {
  status: 200,
  contentType: 'application/json; charset=utf-8',
  answeredBy: undefined,
  body: '{"name":"pod-1"}',
};

describe('an error', () => {
  test.each([
    ['ECONNREFUSED', 'refused'],
    ['EHOSTUNREACH', 'no-route'],
    ['ENETUNREACH', 'no-route'],
    ['ECONNRESET', 'reset'],
    ['EPIPE', 'reset'],
    ['HPE_INVALID_CONSTANT', 'wrong-answer'],
    ['EMFILE', 'other'],
  ] as const)('%s is %s', (code, result) => {
    expect(classOfError(failed(code))).toBe(result);
  });

  test('that has no code is other', () => {
    expect(classOfError('strange')).toBe('other');
  });
});

describe('an answer', () => {
  test('with a good status and a JSON body is ok, by the name in the body', () => {
    expect(classOfAnswer(answer, [200])).toEqual({ result: 'ok', answeredBy: 'pod-1' });
  });

  test('is by the header, where there is one, whatever the body says', () => {
    expect(classOfAnswer({ ...answer, answeredBy: 'pod-2@agent-1' }, [200]).answeredBy).toBe('pod-2@agent-1');
  });

  test('that is a list is by the name of its first', () => {
    expect(classOfAnswer({ ...answer, body: '[{"name":"pod-3"}]' }, [200]).answeredBy).toBe('pod-3');
  });

  test.each([
    [404, 'http-404'],
    [502, 'http-502'],
    [503, 'http-503'],
    [504, 'http-504'],
    [500, 'wrong-answer'],
  ] as const)('with status %i is %s', (status, result) => {
    expect(classOfAnswer({ ...answer, status, contentType: 'text/plain', body: 'no' }, [200])).toEqual({
      result,
      answeredBy: null,
    });
  });

  test('with a status that was declared good is ok', () => {
    expect(classOfAnswer({ ...answer, status: 401 }, [200, 401]).result).toBe('ok');
  });

  test('that calls itself JSON and is none is wrong', () => {
    expect(classOfAnswer({ ...answer, body: '{"name":' }, [200])).toEqual({ result: 'wrong-answer', answeredBy: null });
  });

  test('with an empty body is ok: userlist answers an unknown id so', () => {
    expect(classOfAnswer({ ...answer, body: '' }, [200]).result).toBe('ok');
  });
});
