/** Requests of the corpus: what is asked, how an answer is put in words, and what is expected in the same words. */
import { releaseOf, type ExpectedRequest } from '@faultline/traefik';
import type { Case, Reply, Request } from '../assertion.ts';
import { rowsOfObjects, type Row } from './row.ts';

export const NO_ANSWER = 'no answer';
/** Where no Traefik runs that could be asked. */
export const NO_TRAEFIK = 'no Traefik';

export const requestOf = ({ host, path, scheme, headers }: ExpectedRequest): Request => ({
  host,
  path,
  ...(scheme && { scheme }),
  ...(headers && { headers }),
});

export function sawOf({ status, headers, body }: Reply, { shows }: ExpectedRequest): string {
  if (status === 0) return NO_ANSWER;
  if (!shows) return String(status);
  const isThere = shows.header !== undefined ? shows.header.toLowerCase() in headers : body.includes(shows.word ?? '');
  return inWords(status, shows, isThere);
}

/** What a release of k3s is expected to answer. */
export function expectedOf(request: ExpectedRequest, k3s: string): string {
  const { generation } = releaseOf(k3s);
  const status = request.on?.[k3s] ?? request[generation];
  if (status === 0) return NO_ANSWER;
  return request.shows ? inWords(status, request.shows, request.shows[generation]) : String(status);
}

function inWords(status: number, { header, word }: NonNullable<ExpectedRequest['shows']>, isThere: boolean): string {
  return `${status} ${isThere ? 'with' : 'without'} ${header ?? word ?? ''}`;
}

/** How a request is called in reports. */
export function calledAs({ host, path, scheme, at, headers }: ExpectedRequest): string {
  const sent = Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`);
  const url = at ? `${at}${path}` : `${scheme ?? 'http'}://${host}${path}`;
  return [url, ...sent].join(' ');
}

/** Where Traefik 2 did not keep all of an object, Traefik 3 answers for what is left of it. */
function keptOf({ stored }: ExpectedRequest, { from, to }: { from: string; to: string }): string | undefined {
  const isCrossed = releaseOf(from).generation === 'v2' && releaseOf(to).generation === 'v3';
  return isCrossed && stored !== undefined ? String(stored) : undefined;
}

/** The rows that are objects alone, as cases of an upgrade. */
export function casesOf(rows: readonly Row[], { from, to }: { from: string; to: string }): readonly Case[] {
  return rowsOfObjects(rows).map(({ name, manifest, expectation }) => ({
    name,
    about: expectation.about,
    manifest,
    assertions: (expectation.requests ?? [])
      .filter(({ at }) => at === undefined)
      .map((request) => ({
        what: calledAs(request),
        requests: [requestOf(request)],
        saw: ([reply]) => (reply ? sawOf(reply, request) : NO_ANSWER),
        expected: { from: expectedOf(request, from), to: keptOf(request, { from, to }) ?? expectedOf(request, to) },
      })),
  }));
}
