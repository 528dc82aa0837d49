import { LABEL, thisProcess, type Engine } from '@faultline/control';
import { expect, test } from 'vitest';
import { backends } from './backend/index.ts';
import { HOST_FEATURES } from './host-features.ts';
import { loadBalancers } from './load-balancer/index.ts';
import { atLeast, lackingFeatures } from './probe-host.ts';
import { removeDead, whyDead } from './removal.ts';

const { signal } = new AbortController();

interface Made {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly Entrypoint: readonly string[];
  readonly HostConfig: { readonly AutoRemove?: boolean };
}

/** An engine in which the container is made, and whose harness is killed right then: it asks for no removal, until somebody heals. */
function killedWhileTrying() {
  const containers: Made[] = [];
  const engine = {
    createContainer: async (request: Made & { name: string }) => {
      containers.push({ ...request, Id: request.name, Names: [`/${request.name}`] });
      return { id: request.name, start: () => Promise.reject(new Error('killed')) };
    },
    getContainer: (id: string) => ({
      remove: async () => {
        const index = containers.findIndex((one) => one.Id === id);
        if (isDead) containers.splice(index, 1);
      },
    }),
    listContainers: async () => containers,
    listVolumes: async () => ({ Volumes: [] }),
    listNetworks: async () => [],
  } as unknown as Engine;
  let isDead = false;
  return { engine, containers, heal: () => ((isDead = true), removeDead(engine)) };
}

test.each([
  ['20.10.24+dfsg1', true],
  ['20.9.1', false],
  ['19.03.5', false],
  ['28.0', true],
  ['no version', false],
])('engine %s is new enough: %s', (version, expected) => {
  expect(atLeast(version, [20, 10])).toBe(expected);
});

test('every feature that a backend or a load balancer needs is one that a host is tried for', () => {
  const known = HOST_FEATURES.map(({ name }) => name);
  const needed = [...Object.values(backends), ...Object.values(loadBalancers)].flatMap(({ needs }) => needs);
  expect(needed.filter((need) => !known.includes(need))).toEqual([]);
});

test('every feature says what is skipped without it', () => {
  expect(HOST_FEATURES.filter(({ skips }) => skips.length === 0)).toEqual([]);
});

test('a trial whose process is killed is found by its labels, and ends by itself', async () => {
  const { engine, containers, heal } = killedWhileTrying();
  await expect(lackingFeatures(engine, ['netem'], { signal, tools: 'faultline/tools:1' })).rejects.toThrow('killed');
  const [trial] = containers;
  expect(trial?.Names[0]).toMatch(/^\/faultline-doctor-/);
  expect(trial?.HostConfig.AutoRemove).toBe(true);
  expect(trial?.Entrypoint).toEqual(['sleep', '60']);
  const labels = trial?.Labels ?? {};
  const owner = thisProcess();
  const expires = Number(labels[LABEL.expires]);
  const orphan = { ...labels, [LABEL.owner]: labels[LABEL.owner]?.replace(owner.started, '1') ?? '' };
  expect(whyDead(labels, { now: expires - 1, kept: false })).toBeUndefined();
  expect(whyDead(orphan, { now: expires - 1, kept: false })).toBe(`its owner, process ${owner.pid}, is gone`);
  expect(whyDead(labels, { now: expires + 1, kept: false })).toBe('it has expired');
  expect(await heal()).toEqual([]);
  containers.splice(0, 1, { ...trial!, Labels: orphan });
  expect((await heal()).map(({ name }) => name)).toEqual([trial?.Names[0]?.slice(1)]);
  expect(containers).toEqual([]);
});
