import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labelsOf, thisProcess } from '@faultline/control';
import { expect, test } from 'vitest';
import { planCluster } from './plan-cluster.ts';
import { readRecord, RECORD_VERSION, writeRecord } from './record.ts';
import { keptRuns, removeRun, whyDead } from './removal.ts';
import type { Engine } from '@faultline/control';

const me = thisProcess();
const alive = labelsOf('r', me, { expires: 1000 });
const orphan = labelsOf('r', { ...me, started: '1' }, { expires: 1000 });
const beforeReboot = labelsOf('r', { ...me, boot: 'another' }, { expires: 1000 });

test('what belongs to a living process stays', () => {
  expect(whyDead(alive, { now: 999, kept: false })).toBeUndefined();
});

test('what belongs to a process that is gone is dead, although its pid is used again', () => {
  expect(whyDead(orphan, { now: 999, kept: false })).toBe(`its owner, process ${me.pid}, is gone`);
});

test('what was made before a reboot is dead', () => {
  expect(whyDead(beforeReboot, { now: 999, kept: false })).toContain('is gone');
});

test('what was kept outlives its owner, but not its expiry', () => {
  expect(whyDead(orphan, { now: 999, kept: true })).toBeUndefined();
  expect(whyDead(orphan, { now: 1001, kept: true })).toBe('it has expired');
});

test('what carries our run label and no owner is dead', () => {
  expect(whyDead({ 'faultline.run': 'r' }, { now: 0, kept: false })).toBe('its labels name no owner');
});

test('a run is kept by its label, or by the record in its folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-record-'));
  const plan = planCluster(
    { substrate: 'bare', servers: 1, agents: 0, backend: 'vxlan', loadBalancer: 'keepalived' },
    { tools: 't', app: 'a', subnet: null },
  );
  const record = {
    version: RECORD_VERSION,
    run: 'late',
    plan,
    subnet: '198.18.0.0/24',
    kubeconfig: null,
    versions: {},
    kept: false,
  } as const;
  const object = (run: string, labels: Record<string, string>) =>
    ({ kind: 'volume', id: run, name: run, run, labels, state: '' }) as const;
  const objects = [
    object('born', { 'faultline.kept': 'true' }),
    object('late', { 'faultline.folder': folder }),
    object('lost', { 'faultline.folder': '/nowhere' }),
  ];
  expect([...keptRuns(objects)]).toEqual(['born']);
  writeRecord(folder, { ...record, kept: true });
  expect(readRecord(folder)?.kept).toBe(true);
  expect([...keptRuns(objects)]).toEqual(['born', 'late']);
  // Of another version of ours: it cannot be taken up, and is no less kept.
  writeFileSync(join(folder, 'cluster.json'), JSON.stringify({ ...record, version: 1, kept: true }));
  expect(readRecord(folder)).toBeUndefined();
  expect([...keptRuns(objects)]).toEqual(['born', 'late']);
});

/** An engine with one container, one volume and one network, which says no as often as told before it removes. */
function engineWith(refusals: readonly number[], more: Record<string, string> = {}) {
  const there = new Set(['container', 'volume', 'network']);
  const order: string[] = [];
  const refuse = [...refusals];
  const remover = (kind: string) => () => ({
    remove: async () => {
      const statusCode = refuse.shift();
      if (statusCode) throw Object.assign(new Error(`(HTTP code ${statusCode})`), { statusCode });
      order.push(kind);
      there.delete(kind);
    },
  });
  const labels = { 'faultline.run': 'r', ...more };
  const engine = {
    listContainers: async () => [{ Id: 'c', Names: ['/c'], Labels: labels, State: 'running' }],
    listVolumes: async () => ({ Volumes: [{ Name: 'v', Labels: labels }] }),
    listNetworks: async () => [{ Id: 'n', Name: 'n', Labels: labels }],
    getContainer: remover('container'),
    getVolume: remover('volume'),
    getNetwork: remover('network'),
  };
  return { engine: engine as unknown as Engine, there, order };
}

test('containers go first, because volumes and networks are in use until they are gone', async () => {
  const { engine, there, order } = engineWith([]);
  await removeRun(engine, 'r');
  expect(there.size).toBe(0);
  expect(order[0]).toBe('container');
});

test('the kubeconfig of a cluster that is removed goes with it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-key-'));
  writeFileSync(join(folder, 'kubeconfig'), 'secret');
  await removeRun(engineWith([], { 'faultline.folder': folder }).engine, 'r');
  expect(readdirSync(folder)).toEqual([]);
});

test('"removal in progress", "busy" and "gone already" do not stop a removal', async () => {
  const { engine, order } = engineWith([409, 500, 404]);
  await removeRun(engine, 'r');
  // The container was found gone; the other two were removed.
  expect(order.toSorted()).toEqual(['network', 'volume']);
});
