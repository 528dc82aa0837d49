import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { credentialsOf, loadKubeconfig, withServer, writeKubeconfig } from './kubeconfig.ts';

const written = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${Buffer.from('authority').toString('base64')}
    server: https://127.0.0.1:6443
  name: default
contexts:
- context:
    cluster: default
    user: default
  name: default
current-context: default
kind: Config
users:
- name: default
  user:
    client-certificate-data: ${Buffer.from('certificate').toString('base64')}
    client-key-data: ${Buffer.from('key').toString('base64')}
`;

test('the server is replaced, and nothing else', () => {
  const rewritten = withServer(written, 'https://127.0.0.1:34567');
  expect(loadKubeconfig(rewritten).getCurrentCluster()?.server).toBe('https://127.0.0.1:34567');
  expect(rewritten.replace(':34567', ':6443')).toBe(written);
});

test('half a file is refused', () => {
  expect(() => withServer(written.slice(0, 40), 'https://127.0.0.1:1')).toThrow('0 servers');
});

test('the credentials are those of the administrator', () => {
  expect(credentialsOf(loadKubeconfig(written))).toEqual({ ca: 'authority', cert: 'certificate', key: 'key' });
});

test('nobody but the owner may read it, and one that is there is not overwritten', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-kubeconfig-'));
  try {
    const path = join(folder, 'kubeconfig');
    await writeKubeconfig(path, written);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await expect(writeKubeconfig(path, 'other')).rejects.toThrow('EEXIST');
  } finally {
    await rm(folder, { recursive: true });
  }
});
