/**
 * Scenarios of the Ingress specification (Kubernetes, docs/concepts/services-networking/ingress: path types with their table
 * of examples, wildcard hosts, default backend, class), as cases: who answers is told by the pod's name, not by a status.
 */
import type { Case } from '../assertion.ts';
import { asserting, exact, HOST, ingress, pathCase, podOf, PODS, prefix } from './ingress.ts';

const PATH_RULES: readonly Case[] = [
  pathCase(
    'exact',
    'Exact: the path as it is, with case sensitivity.',
    [exact('/foo')],
    [
      ['/foo', 'one'],
      ['/FOO', 'nobody'],
      ['/bar', 'nobody'],
      ['/foo/', 'nobody'],
      ['/foo/bar', 'nobody'],
    ],
  ),
  pathCase(
    'exact-slash',
    'Exact with a slash at the end: not without it.',
    [exact('/foo/')],
    [
      ['/foo/', 'one'],
      ['/foo', 'nobody'],
    ],
  ),
  pathCase(
    'prefix-all',
    'Prefix /: all paths.',
    [prefix('/')],
    [
      ['/', 'one'],
      ['/any/path', 'one'],
    ],
  ),
  pathCase(
    'prefix',
    'Prefix: element by element, split at the slash.',
    [prefix('/aaa/bbb')],
    [
      ['/aaa/bbb', 'one'],
      ['/aaa/bbb/', 'one'],
      ['/aaa/bbb/ccc', 'one'],
      ['/aaa/bbbxyz', 'nobody'],
      ['/aaa', 'nobody'],
      ['/AAA/bbb', 'nobody'],
    ],
  ),
  pathCase(
    'prefix-slash',
    'Prefix with a slash at the end: the slash is ignored.',
    [prefix('/foo/')],
    [
      ['/foo', 'one'],
      ['/foo/', 'one'],
      ['/foo/bar', 'one'],
    ],
  ),
  pathCase(
    'prefix-partial',
    'Prefix /aaa/bb: not /aaa/bbb.',
    [prefix('/aaa/bb')],
    [
      ['/aaa/bb', 'one'],
      ['/aaa/bbb', 'nobody'],
    ],
  ),
  pathCase(
    'longest',
    'Of several prefixes the longest wins.',
    [prefix('/', 'one'), prefix('/aaa', 'two'), prefix('/aaa/bbb', 'three')],
    [
      ['/ccc', 'one'],
      ['/aaa/ccc', 'two'],
      ['/aaa/bbb', 'three'],
      ['/aaa/bbb/ccc', 'three'],
    ],
  ),
  pathCase(
    'exact-wins',
    'An exact path wins over a prefix that is the same.',
    [prefix('/foo', 'one'), exact('/foo', 'two')],
    [
      ['/foo', 'two'],
      ['/foo/', 'one'],
      ['/foo/bar', 'one'],
    ],
  ),
];

const HOST_RULES: readonly Case[] = [
  {
    name: 'host-rules/exact',
    about: 'An exact host: that one, and no other.',
    manifest: ingress('conf-host', `host.${HOST}`, [prefix('/')]),
    assertions: (
      [
        ['/', 'one'],
        ['/', 'one', `HOST.${HOST}`],
        ['/', 'one', `host.${HOST}:80`],
        ['/', 'nobody', `other.${HOST}`],
        ['/', 'nobody', `a.host.${HOST}`],
      ] as const
    ).map((one) => asserting(one, `host.${HOST}`)),
  },
  {
    name: 'host-rules/wildcard',
    about: 'A wildcard host covers one label, and no more.',
    manifest: ingress('conf-wildcard', `*.wild.${HOST}`, [prefix('/')]),
    assertions: (
      [
        ['/', 'one', `bar.wild.${HOST}`],
        ['/', 'nobody', `baz.bar.wild.${HOST}`],
        ['/', 'nobody', `wild.${HOST}`],
      ] as const
    ).map((one) => asserting(one, HOST)),
  },
  {
    name: 'host-rules/exact-before-wildcard',
    about:
      'An exact host beside a wildcard that covers it: the specification does not say which wins; most controllers take the exact one.',
    manifest: [
      ingress('conf-wild-two', `*.both.${HOST}`, [prefix('/', 'one')]),
      ingress('conf-exact-two', `a.both.${HOST}`, [prefix('/', 'two')]),
    ].join('---\n'),
    assertions: (
      [
        ['/', 'two', `a.both.${HOST}`],
        ['/', 'one', `b.both.${HOST}`],
      ] as const
    ).map((one) => ({ ...asserting(one, HOST), expected: null })),
  },
];

const CLASSES: readonly Case[] = [
  {
    name: 'class/other',
    about: "An Ingress of another controller's class is left alone.",
    manifest: `apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: conf-other}
spec: {controller: example.org/other}
---
${ingress('conf-class-other', `class-other.${HOST}`, [prefix('/')], 'ingressClassName: conf-other')}`,
    assertions: [asserting(['/', 'nobody'], `class-other.${HOST}`)],
  },
  {
    name: 'class/unknown',
    about: 'An Ingress of a class that is not there is left alone.',
    manifest: ingress('conf-class-unknown', `class-unknown.${HOST}`, [prefix('/')], 'ingressClassName: conf-unknown'),
    assertions: [asserting(['/', 'nobody'], `class-unknown.${HOST}`)],
  },
  {
    name: 'class/none',
    about: "An Ingress without a class is the default class's, which in k3s is Traefik's.",
    manifest: ingress('conf-class-none', `class-none.${HOST}`, [prefix('/')], ''),
    assertions: [asserting(['/', 'one'], `class-none.${HOST}`)],
  },
];

const LOAD_BALANCING: Case = {
  name: 'load-balancing',
  about: 'Requests are spread over all endpoints of a Service.',
  manifest: ingress('conf-balance', `balance.${HOST}`, [prefix('/')]),
  assertions: [
    {
      what: `of ${PODS} endpoints every one answers some of ${10 * PODS} requests`,
      requests: Array.from({ length: 10 * PODS }, () => ({ host: `balance.${HOST}`, path: '/' })),
      saw: (replies) => `${new Set(replies.map(podOf)).size} endpoints`,
      expected: { from: `${PODS} endpoints`, to: `${PODS} endpoints` },
    },
  ],
};

/** They answer for hosts that are nobody else's: to be applied by themselves. */
const CATCH_ALL: readonly Case[] = [
  {
    name: 'host-rules/none',
    about: 'A rule without a host is for every host.',
    manifest: ingress('conf-any-host', undefined, [prefix('/conf-any', 'two')]),
    assertions: (
      [
        ['/conf-any', 'two', 'whoever.test'],
        ['/conf-any', 'two', `nobody-knows.${HOST}`],
      ] as const
    ).map((one) => asserting(one, HOST)),
  },
  {
    name: 'default-backend',
    about: 'A default backend answers what no rule matches.',
    manifest: `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: conf-default, namespace: default}
spec:
  ingressClassName: traefik
  defaultBackend: {service: {name: back-three, port: {number: 80}}}
`,
    assertions: (
      [
        ['/any/path', 'three', 'no-rule.test'],
        ['/bar', 'three', `exact.${HOST}`],
        ['/foo', 'one', `exact.${HOST}`],
      ] as const
    ).map((one) => asserting(one, HOST)),
  },
];

export const ingressCases: readonly Case[] = [...PATH_RULES, ...HOST_RULES, ...CLASSES, LOAD_BALANCING];
export const catchAllCases: readonly Case[] = CATCH_ALL;
