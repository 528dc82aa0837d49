/** What an outcome is called. */
import type { SampleClass } from '@faultline/history';

const BY_CODE: Readonly<Record<string, SampleClass>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  EHOSTDOWN: 'no-route',
  ENETDOWN: 'no-route',
  // A connection closed in the middle of an answer is no better than one that was reset; Node gives both the same code.
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  ETIMEDOUT: 'timeout',
};

/** The class of an error from a socket or from an HTTP client. */
export function classOfError(error: unknown): SampleClass {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('HPE_')) return 'wrong-answer';
  return BY_CODE[code] ?? 'other';
}

const BY_STATUS: Readonly<Record<number, SampleClass>> = {
  404: 'http-404',
  502: 'http-502',
  503: 'http-503',
  504: 'http-504',
};

export interface Answer {
  readonly status: number;
  readonly contentType: string | undefined;
  /** The header `x-answered-by`. */
  readonly answeredBy: string | undefined;
  readonly body: string;
}

/**
 * The class of a complete HTTP answer, and who gave it: the header `x-answered-by`, else the `name` of a JSON body.
 *
 * Good: a good status, and what calls itself JSON is JSON.
 */
export function classOfAnswer(
  answer: Answer,
  good: readonly number[],
): { result: SampleClass; answeredBy: string | null } {
  const json = answer.contentType?.includes('json') === true && answer.body !== '' ? parse(answer.body) : null;
  const answeredBy = answer.answeredBy ?? nameIn(json);
  if (!good.includes(answer.status)) return { result: BY_STATUS[answer.status] ?? 'wrong-answer', answeredBy };
  return { result: json === undefined ? 'wrong-answer' : 'ok', answeredBy };
}

/** Undefined where it is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function nameIn(json: unknown): string | null {
  const value: unknown = Array.isArray(json) ? json[0] : json;
  if (typeof value !== 'object' || value === null || !('name' in value)) return null;
  return typeof value.name === 'string' ? value.name : null;
}
