/** Requests for a drawn rule: satisfied matcher by matcher, and most of them spoilt afterwards, so that about half are accepted. */
import { ADDRESSES, HOSTS, METHODS, SEGMENTS, VALUES, type Drawn } from './draw.ts';
import { one, picker, type Pick } from './pick.ts';
import type { HttpRequest } from './request.ts';

const BLANK: HttpRequest = {
  host: 'nobody.test',
  path: '/nothing',
  method: 'HEAD',
  clientIp: '198.51.100.1',
  headers: {},
  query: [],
};

/** Requests for a rule; the same for the same rule and seed. */
export function requestsFor(rule: Drawn, seed: number, count: number): readonly HttpRequest[] {
  const pick = picker(seed);
  return Array.from({ length: count }, () => {
    const fitting = rule.satisfy(pick, BLANK);
    return Array.from({ length: pick(5) }).reduce<HttpRequest>((request) => spoilt(pick, request), fitting);
  });
}

function spoilt(pick: Pick, request: HttpRequest): HttpRequest {
  const [key, value] = request.query?.[0] ?? ['q', '1'];
  const [name = 'X-A'] = Object.keys(request.headers ?? {});
  const spoils: readonly Partial<HttpRequest>[] = [
    { host: one(pick, HOSTS) },
    { host: `x${request.host}` },
    { host: `${request.host}.evil` },
    { path: `${request.path}/` },
    { path: `/x${request.path}` },
    { path: `/${one(pick, SEGMENTS)}/${one(pick, SEGMENTS)}` },
    { method: one(pick, METHODS).toUpperCase() },
    { clientIp: one(pick, ADDRESSES) },
    { headers: {} },
    { headers: { ...request.headers, [name]: ['other', one(pick, VALUES)] } },
    { query: [] },
    {
      query: [
        [key, 'other'],
        [key, value],
      ],
    },
    {
      query: [
        [key, value],
        [key, 'other'],
      ],
    },
  ];
  return { ...request, ...one(pick, spoils) };
}
