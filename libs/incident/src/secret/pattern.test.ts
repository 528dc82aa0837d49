import { expect, test } from 'vitest';
import { secretIn } from './pattern.ts';

test.for([
  ['-----BEGIN OPENSSH PRIVATE KEY-----', 'a PEM block'],
  ['LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQ', 'a PEM block in base64'],
  ['eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlcm5ldGVzIn0.abc_def-ghi', 'a JSON web token'],
  ['K10aabbccddeeff001122334455::server:abcdef', 'a k3s token'],
  ['AKIAIOSFODNN7EXAMPLE', 'an AWS key'],
  ['ghp_16C7e42F292c6912E7710c838347Ae178B4a', 'a GitHub token'],
  ['glpat-abcdefghij0123456789', 'a GitLab token'],
  ['admin:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/', 'a password hash'],
  ['root:$2y$05$abcdefghijklmnopqrstuv', 'a password hash'],
  ['postgres://app:hunter2@db/app', 'a URL with credentials'],
  ['Authorization: Bearer abcdef123', 'an Authorization header'],
  ['password=hunter2', 'a password beside its name'],
  ['"adminPassword": "hunter2"', 'a password beside its name'],
  ['wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'a long random word'],
  ['QWxhZGRpbjpvcGVuIHNlc2FtZSBmcm9tIHRoZSBjYXZl', 'a long random word'],
  ['aGVsbGxPdGhlcmVXb3JsZEhvd', 'a long random word'],
  ['kQzRwXpLmBvNcTyUiOaSdFgHj', 'a long random word'],
  ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 'a long random word'],
] as const)('%s is a secret', ([text, what]) => {
  expect(secretIn(text)).toBe(what);
});

test.for([
  'Host(`shop.test`) && PathPrefix(`/api/v1/users`)',
  'NodeHasNoDiskPressure',
  'NodeHasSufficientPID',
  'InvalidDiskCapacity',
  'NodeAllocatableEnforced',
  'requiredDuringSchedulingIgnoredDuringExecution',
  'traefik.ingress.kubernetes.io/router.entrypoints',
  'Deployment spec.template.spec.topologySpreadConstraints[].labelSelector',
  'secretName: web-tls',
  'secret: stand-in',
  'tls: {secretName: stand-in}',
  '--default-not-ready-toleration-seconds=10',
  'kube-system/helm-install-traefik-crd',
  '2026-11-22T01:30:00.000Z',
  'svclb-traefik-0a1b2c3d',
  '"commit": "9f26bf7a1b2c"',
  'node-monitor-grace-period=20s',
  'https://shop.test/users/1',
  'Node --token (1): only flags that decide how the network is',
  '"what": "Endpoints shop/auth"',
])('%s is none', (text) => {
  expect(secretIn(text)).toBeUndefined();
});
