/** Runs `faultline lint` as a user does. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

// Each starts a process, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const FAULTLINE = join(import.meta.dirname, '../bin/faultline.js');
const UPGRADE = ['--from', 'v1.32.1+k3s1', '--to', 'v1.33.3+k3s1'];

/** No Docker is asked for anything: there is none at this address. */
async function lint(words: readonly string[], input = '') {
  const env = { DOCKER_HOST: 'unix:///nowhere' };
  const given = { reject: false, input, env, stripFinalNewline: false } as const;
  const { exitCode, stdout, stderr } = await execa(process.execPath, [FAULTLINE, 'lint', ...words], given);
  return { exitCode, stdout, stderr };
}

const route = (match: string): string =>
  `apiVersion: traefik.io/v1alpha1\nkind: IngressRoute\nmetadata: {name: r}\nspec:\n  routes:\n    - match: ${match}\n`;
const WHITE_LIST = 'apiVersion: traefik.io/v1alpha1\nkind: Middleware\nspec:\n  ipWhiteList: {}\n';

const kubeconfigOf = (server: string): object => ({
  'current-context': 'c',
  contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
  users: [{ name: 'u', user: {} }],
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-lint-'));
});
afterEach(async () => rm(folder, { recursive: true }));

test('exit code 0: nothing breaks; 1: something does; with --strict: anything', async () => {
  const good = await lint(['-', ...UPGRADE], route('Host(`a`)'));
  const warned = await lint(['-', ...UPGRADE], WHITE_LIST);
  const strict = await lint(['-', ...UPGRADE, '--strict'], WHITE_LIST);
  const bad = await lint(['-', ...UPGRADE], route('Host(`a`, `b`)'));
  expect([good, warned, strict, bad].map(({ exitCode }) => exitCode)).toEqual([0, 0, 1, 1]);
  expect(bad.stdout).toContain('6:14 breaks: Traefik 3 takes one value in Host');
});

test('exit code 64: usage, and what is allowed', async () => {
  const asked = [
    [[], 'no manifests'],
    [['x.yaml', '--from', 'v1.32.1'], '--to is missing'],
    [['x.yaml', '--to', 'v1.33.3'], '--from is missing'],
    [['x.yaml', '--from', 'v1.32.1', '--to', 'tomorrow'], '"tomorrow" is no k3s release'],
    [[join(folder, 'x.yaml'), ...UPGRADE], 'ENOENT'],
    [['x.yaml', ...UPGRADE, '--format', 'sarfi'], 'Did you mean sarif?'],
    [['x.yaml', ...UPGRADE, '--from-cluster'], 'one or the other'],
  ] as const;
  for (const [words, said] of asked) {
    const { exitCode, stderr } = await lint(words.length === 0 ? UPGRADE : words);
    expect({ exitCode, said: stderr.includes(said) }, stderr).toEqual({ exitCode: 64, said: true });
  }
});

test('exit code 65: something cannot be read, and the rest is judged', async () => {
  const { exitCode, stdout } = await lint(['-', ...UPGRADE], `a: [\n---\n${route('Host(`a`, `b`)')}`);
  expect(exitCode).toBe(65);
  expect(stdout).toContain('unreadable: no YAML');
  expect(stdout).toContain('rule-multiple-values');
});

test('a folder is read with those in it; what is no manifest is passed over', async () => {
  await mkdir(join(folder, 'a/node_modules'), { recursive: true });
  await writeFile(join(folder, 'a/one.yml'), route('Host(`a`, `b`)'));
  await writeFile(join(folder, 'a/two.json'), JSON.stringify({ apiVersion: 'v1', kind: 'Service' }));
  await writeFile(join(folder, 'a/node_modules/three.yaml'), route('Host(`a`, `b`)'));
  await writeFile(join(folder, 'values.yaml'), 'a: [');
  await writeFile(join(folder, 'README.md'), 'apiVersion: [');
  const { exitCode, stdout } = await lint([folder, ...UPGRADE, '--json']);
  expect(exitCode).toBe(1);
  const { findings, objects, unreadable } = JSON.parse(stdout);
  expect(findings.map(({ place }: { place: { file: string } }) => place.file)).toEqual([join(folder, 'a/one.yml')]);
  expect({ objects, unreadable }).toEqual({ objects: { read: 2, known: 2 }, unreadable: [] });
});

test('--fix writes the files, and says what is left', async () => {
  const file = join(folder, 'a.yaml');
  await writeFile(file, `# mine\n${route('Host(`a`, `b`) # both')}`);
  const { exitCode, stderr } = await lint([folder, ...UPGRADE, '--fix']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '1 of 1 files changed; what is left:\n' });
  expect(await readFile(file, 'utf8')).toBe(`# mine\n${route('Host(`a`) || Host(`b`) # both')}`);
});

test('--fix of standard input writes it to standard output, and nothing else', async () => {
  const { stdout } = await lint(['-', ...UPGRADE, '--fix'], route('Host(`a`, `b`)'));
  expect(stdout).toBe(route('Host(`a`) || Host(`b`)'));
});

test('what cannot be judged is said in a line with its place, and nothing crashes', async () => {
  const bomb = Array.from(
    { length: 20 },
    (_, n) => `k${n + 1}: &k${n + 1} [${Array.from({ length: 9 }, () => `*k${n}`).join(', ')}]`,
  );
  const values = `kind: HelmChartConfig\napiVersion: helm.cattle.io/v1\nmetadata: {name: traefik}\nspec:\n  valuesContent: |-\n`;
  const cases = [
    ['a: [', '1:5 unreadable: no YAML'],
    ['kind: X\n  bad: indentation\n', 'unreadable: no YAML'],
    [`apiVersion: v1\nname: {{ .Values.name }}\n`, '2:7 unreadable: a Helm template, not a manifest. Render it first'],
    [['k0: &k0 [1]', ...bomb].join('\n'), 'as in a YAML bomb'],
    ['['.repeat(100_000), 'nested too deeply'],
    [`${values}    ports: [`, '  6:'],
    ['a:\n\tb: 1', 'unreadable: no YAML'],
  ] as const;
  const files = cases.map((_, index) => join(folder, `${index}.yaml`));
  await Promise.all(files.map((file, index) => writeFile(file, cases[index]?.[0] ?? '')));
  const { exitCode, stdout, stderr } = await lint([...files, ...UPGRADE]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 65, stderr: '' });
  expect(stdout).not.toMatch(/^ +at /m);
  for (const [index, [, said]] of cases.entries()) {
    const [, own = ''] = stdout.split(`${index}.yaml\n`);
    expect(own.split('.yaml\n')[0], files[index]).toContain(said);
  }
});

test('kinds that nobody knows are passed over, and counted', async () => {
  const unknown = 'apiVersion: example.org/v9\nkind: Frob\nspec: {routes: [{match: "Host(`a`, `b`)"}]}\n';
  const { exitCode, stdout } = await lint(['-', ...UPGRADE, '--json'], unknown);
  expect({ exitCode, ...JSON.parse(stdout) }).toMatchObject({
    exitCode: 0,
    findings: [],
    objects: { read: 1, known: 0 },
  });
});

test('a thousand files of a folder are all judged', async () => {
  const files = Array.from({ length: 1000 }, (_, index) => join(folder, `${index}.yaml`));
  await Promise.all(files.map((file) => writeFile(file, route('Host(`a`, `b`)'))));
  const { exitCode, stdout } = await lint([folder, ...UPGRADE, '--json']);
  const { findings, objects } = JSON.parse(stdout);
  expect({ exitCode, found: findings.length, objects }).toEqual({
    exitCode: 1,
    found: 1000,
    objects: { read: 1000, known: 1000 },
  });
});

test('fifty megabytes are refused, not read', async () => {
  const file = join(folder, 'large.yaml');
  await writeFile(file, 'a: b\n'.repeat(10_000_000));
  const { exitCode, stdout } = await lint([file, ...UPGRADE]);
  expect(exitCode).toBe(65);
  expect(stdout).toContain('larger than 4 MB');
});

test('a cluster that does not answer was not judged: exit code 65', async () => {
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, JSON.stringify(kubeconfigOf('https://127.0.0.1:1')));
  const { exitCode, stderr } = await lint(['--from-cluster', '--kubeconfig', kubeconfig, '--to', 'v1.33.3+k3s1']);
  expect(exitCode).toBe(65);
  expect(stderr).toContain('https://127.0.0.1:1 could not be read');
});

test('a live cluster is read, and only read; its release is where the upgrade begins', async () => {
  const asked: string[] = [];
  const listed = {
    apiVersion: 'traefik.io/v1alpha1',
    metadata: { name: 'r', namespace: 'web' },
    spec: { routes: [{ match: 'Host(`a`, `b`)' }] },
  };
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const [path = ''] = (request.url ?? '').split('?');
    const isKnown = path === '/apis/traefik.io/v1alpha1/ingressroutes';
    const answers: Readonly<Record<string, object>> = {
      '/version': { gitVersion: 'v1.32.1+k3s1' },
      '/version/': { gitVersion: 'v1.32.1+k3s1' },
      '/api/v1/services': { items: [] },
    };
    const answer = isKnown ? { items: [listed] } : answers[path];
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await using _ = { [Symbol.asyncDispose]: async () => void server.close() };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, JSON.stringify(kubeconfigOf(url)));
  const { exitCode, stdout } = await lint(['--from-cluster', '--kubeconfig', kubeconfig, '--to', 'v1.33.3+k3s1']);
  expect(stdout).toContain('cluster: IngressRoute web/r');
  expect(stdout).toContain('v1.32.1+k3s1 (Traefik 2.11.18) to v1.33.3+k3s1');
  expect(exitCode).toBe(1);
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter((line) => !line.startsWith('GET ') || line.includes('secret'))).toEqual([]);
});
