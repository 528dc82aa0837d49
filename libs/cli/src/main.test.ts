/** Runs the command as a user does. What can be refused is refused before an engine is asked for anything. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAULT_KINDS } from '@faultline/fault/plan';
import { execa } from 'execa';
import { expect, test, vi } from 'vitest';

// Each starts a process, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const FAULTLINE = join(import.meta.dirname, '../bin/faultline.js');
async function faultline(
  ...words: string[]
): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [FAULTLINE, ...words], { reject: false });
  return { exitCode, stdout, stderr };
}

test('list names every scenario under its topic, with its sentence', async () => {
  const { exitCode, stdout } = await faultline('list');
  expect(exitCode).toBe(0);
  const order = [
    'failover\n',
    'kill-the-announcing-node ',
    'overlay\n',
    'block-vxlan ',
    'A firewall that drops the overlay',
  ];
  const places = order.map((words) => stdout.indexOf(words));
  expect(places.every((place) => place >= 0)).toBe(true);
  expect(places).toEqual(places.toSorted((x, y) => x - y));
});

test('list of one scenario names its faults and cells', async () => {
  const { exitCode, stdout } = await faultline('list', 'block-vxlan');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('block-port protocol=udp port=8472 direction=both on agent');
  expect(stdout).toContain('k3s-vxlan-servicelb');
  expect(stdout).not.toContain('kill-the-announcing-node');
});

test('faults prints the catalogue: bounds, needs, who undoes it, and where it was seen', async () => {
  const { exitCode, stdout } = await faultline('faults', '--no-host');
  expect(exitCode).toBe(0);
  for (const { name, issue } of FAULT_KINDS) {
    expect(stdout).toContain(`${name}\n`);
    expect(stdout).toContain(issue);
  }
  expect(stdout).toMatch(/kbit +thousands of bits a second: whole numbers from 8 to 10000000; must be given/);
  expect(stdout).toContain('the kernel, which removes a table with its owner');
});

test('a plan is JSON, and the same seed gives the same plan', async () => {
  const [one, two, other] = await Promise.all(
    ['7', '7', '8'].map((seed) => faultline('plan', 'block-vxlan', '--seed', seed)),
  );
  expect(JSON.parse(one?.stdout ?? '')).toMatchObject({ scenario: 'block-vxlan', seed: 7 });
  expect(two?.stdout).toBe(one?.stdout);
  const begins = (plan: typeof one) => JSON.parse(plan?.stdout ?? '').faults[0].afterMs;
  expect(begins(other)).not.toBe(begins(one));
});

test('a CNI of your own takes the place of any backend, and brings its images', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-'));
  const cni = join(folder, 'mine.yaml');
  await writeFile(cni, 'spec: { containers: [] }\n      image: example/cni:1\n');
  const { stdout } = await faultline('plan', 'block-vxlan', '--cni', cni, '--seed', '7');
  await rm(folder, { recursive: true });
  const { cell, cluster } = JSON.parse(stdout);
  expect(cell).toMatchObject({ substrate: 'k3s', backend: 'none' });
  expect(cluster.spec.cni.name).toBe('mine.yaml');
  expect(cluster.images).toContain('example/cni:1');
});

test.for([
  [
    ['run', 'kill-the-anouncing-node'],
    'unknown scenario "kill-the-anouncing-node". Did you mean kill-the-announcing-node? Allowed: ',
  ],
  [
    ['run', 'block-vxlan', '--backend', 'vxlam'],
    'backend: unknown value "vxlam". Did you mean vxlan? Allowed: vxlan, vxlan-direct-routing, host-gw',
  ],
  [['run', 'block-vxlan', '--backend', 'wireguard'], 'wireguard was removed from k3s in v1.26'],
  [['run', 'block-vxlan', '--backend', 'none'], 'Next: --cni <manifest.yaml>'],
  [['up', '--cni', '/nonexistent.yaml'], '--cni /nonexistent.yaml: ENOENT'],
  [['run', 'block-vxlan', '--backend', 'host-gw', '--cni', FAULTLINE], 'two networks would fight over the pods'],
  [['run', 'block-vxlan', '--lb', 'metallb'], 'unknown load balancer "metallb".'],
  [['run', 'block-vxlan', '--substrate', 'k3d'], 'unknown substrate "k3d". Did you mean k3s? Allowed: auto, k3s, bare'],
  [['run', 'block-vxlan', '--k3s', 'v1.33.4+k3s1'], 'unknown k3s release "v1.33.4+k3s1". Nearest known: v1.33.3+k3s1'],
  [['run', 'block-vxlan', '--seed', 'x'], 'seed "x" is not allowed. Allowed: a whole number from 0 to 4294967295'],
  [['run', 'block-vxlan', '--keep', 'yes'], 'unknown --keep "yes".'],
  [['plan', 'block-vxlan', '--subnet', '10.0.0.0/8'], 'subnet: 10.0.0.0/8. Allowed: a /24 of 198.18.0.0/15'],
  [
    ['plan', 'kill-a-node-with-endpoints', '--substrate', 'bare'],
    'kill-a-node-with-endpoints has no cell with substrate bare. Its cells: k3s-vxlan-servicelb',
  ],
  [['inject', 'block-prot', '--on', 'agent-0'], 'did you mean block-port?'],
  [['faults', 'block-prot', '--no-host'], 'did you mean block-port?'],
  [['list', 'overlai'], 'unknown scenario or topic "overlai". Did you mean overlay? Allowed: '],
  [['check', '/nonexistent'], '/nonexistent holds no history.ndjson. Allowed: the folder of a run, e.g. runs/latest'],
  [['rum', 'block-vxlan'], "unknown command 'rum'"],
  [['run', 'block-vxlan', '--sed', '7'], "unknown option '--sed'"],
] as const)('%j is a usage error that says what is allowed', async ([words, message]) => {
  const { exitCode, stderr } = await faultline(...words);
  expect(stderr).toContain(message);
  expect(exitCode).toBe(64);
});
