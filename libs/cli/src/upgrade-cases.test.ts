import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@faultline/control';
import { expect, test } from 'vitest';
import { casesFor, nameOfCases } from './upgrade-cases.ts';

const engineWith = (...tags: readonly (readonly string[] | null)[]): Engine =>
  ({ listImages: () => Promise.resolve(tags.map((RepoTags) => ({ RepoTags }))) }) as unknown as Engine;

const { signal } = new AbortController();
const about = { from: 'v1.32.1+k3s1', to: 'v1.33.3+k3s1', app: 'userlist:1' };

test('there is one source of objects, and an unknown list is refused with the nearest', () => {
  expect(nameOfCases({})).toBe('seven');
  expect(nameOfCases({ fromCluster: true })).toBe('cluster');
  expect(() => nameOfCases({ manifests: 'a', fromCluster: true })).toThrow('one or the other');
  expect(nameOfCases({ manifests: 'a', cases: 'none' })).toBe('own');
  expect(() => nameOfCases({ cases: 'none' })).toThrow('leaves nothing to ask for');
  expect(() => nameOfCases({ cases: 'korpus' })).toThrow('Did you mean corpus?');
});

test('the corpus brings its rows beside the seven, with what is expected of both releases', async () => {
  const { cases } = await casesFor({ cases: 'corpus' }, { ...about, engine: engineWith() }, signal);
  expect(cases.slice(0, 7).every(({ name }) => name.startsWith('seven/'))).toBe(true);
  const row = cases.find(({ name }) => name === 'G03-host-of-several-values');
  expect(row?.assertions[0]?.expected).toEqual({ from: '200', to: '404' });
});

test("one's own images are kept where the engine has them, under whatever name they go", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-upgrade-'));
  try {
    const file = join(folder, 'mine.yaml');
    const container = (image: string) => `{name: a, image: '${image}'}`;
    const workload = (name: string, image: string) =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec:\n  selector: {matchLabels: {a: ${name}}}\n` +
      `  template: {metadata: {labels: {a: ${name}}}, spec: {containers: [${container(image)}]}}\n`;
    await writeFile(
      file,
      [workload('here', 'docker.io/library/nginx'), workload('away', 'private/api:7')].join('---\n'),
    );
    const engine = engineWith(null, ['nginx:latest']);
    const { images, notes, cases } = await casesFor({ manifests: file }, { ...about, engine }, signal);
    expect(images).toEqual(['docker.io/library/nginx']);
    expect(notes.join()).toContain('private/api:7 cannot be had');
    expect(cases.map(({ name }) => name).at(-1)).toBe('what is routed to');
    expect(cases).toHaveLength(7 + 1);
    const alone = await casesFor({ manifests: file, cases: 'none' }, { ...about, engine }, signal);
    expect(alone.cases).toEqual(cases.slice(7));
  } finally {
    await rm(folder, { recursive: true });
  }
});
