import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { containerdFiles, whereRestricted } from './containerd.ts';

const content = (containerd: '1.7' | '2', name: string) =>
  containerdFiles(containerd).find(({ path }) => path.endsWith(name))?.content;

test('containerd 2 imports the key, before any table of the base', () => {
  const template = String(content('2', '/config-v3.toml.tmpl'));
  expect(template.indexOf('imports = ["/etc/rancher/faultline/restrict.toml"]')).toBe(0);
  expect(template).toContain('{{ template "base" . }}');
  expect(content('2', '/restrict.toml')).toContain(
    "[plugins.'io.containerd.cri.v1.runtime']\n  restrict_oom_score_adj = true",
  );
});

test('containerd 1.7 has the key in a complete template', () => {
  expect(content('1.7', '/config.toml.tmpl')).toContain(
    '[plugins."io.containerd.grpc.v1.cri"]\n  restrict_oom_score_adj = true',
  );
  expect(content('1.7', '/config-v3.toml.tmpl')).toBeUndefined();
});

test.each([
  ['000001ffffffffff', 'whole', false],
  ['000001fffeffffff', 'without SYS_RESOURCE', true],
])('a node whose capabilities are %s (%s): restricted: %s', (bounds, _, restricted) => {
  const [shell = '', flag = '', script = ''] = whereRestricted('2', []);
  // The same script, with the bounds of another host and a word in place of the copy.
  const asked = script.replace(/bounds=.*/, `bounds=${bounds}`).replace(/ {2}mkdir .*/, '  echo restricted');
  expect(execFileSync(shell, [flag, asked, 'sh', 'true']).toString()).toBe(restricted ? 'restricted\n' : '');
});

test('the bounds are read from where the kernel shows them', () => {
  const [shell = '', flag = '', script = ''] = whereRestricted('2', []);
  const line = /^bounds=.*$/m.exec(script)?.[0];
  const read = execFileSync(shell, [flag, `${line}; echo $bounds`])
    .toString()
    .trim();
  expect(readFileSync('/proc/self/status', 'utf8')).toContain(`CapBnd:\t${read}`);
});
