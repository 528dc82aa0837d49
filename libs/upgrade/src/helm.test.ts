import type { V1Job, V1Pod } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { helmStates, readyTraefiks, type Attempts } from './helm.ts';
import { reasonIn } from './traefik-watch.ts';

const job = (uid: string, chart: string, isComplete = false) =>
  ({
    metadata: { name: 'helm-install-traefik', uid },
    spec: {
      template: {
        spec: { containers: [{ name: 'helm', env: [{ name: 'CHART', value: `https://x/static/charts/${chart}` }] }] },
      },
    },
    status: { conditions: isComplete ? [{ type: 'Complete', status: 'True' }] : [] },
  }) as V1Job;

const pod = (of: string, restartCount: number, state: object) =>
  ({
    metadata: { name: `helm-${of}`, uid: `pod-of-${of}`, ownerReferences: [{ uid: of }] },
    spec: { nodeName: 'agent-1' },
    status: { containerStatuses: [{ image: 'rancher/klipper-helm:v0.9.8', restartCount, state }] },
  }) as unknown as V1Pod;

test('a job whose image is missing on its node is failing, names the image, and was not attempted once', () => {
  const waiting = pod('a', 0, { waiting: { reason: 'ImagePullBackOff' } });
  expect(helmStates([job('a', 'traefik-34.tgz')], [waiting], new Map())).toEqual([
    {
      job: 'helm-install-traefik',
      chart: 'traefik-34.tgz',
      attempts: 0,
      state: 'failing',
      node: 'agent-1',
      detail: 'ImagePullBackOff: rancher/klipper-helm:v0.9.8',
    },
  ]);
});

test('attempts of pods that are gone are counted, and those of another chart are not', () => {
  const attempts: Attempts = new Map();
  helmStates([job('a', 'traefik-27.tgz')], [pod('a', 0, { terminated: { exitCode: 0 } })], attempts);
  helmStates([job('b', 'traefik-34.tgz')], [pod('b', 2, { terminated: { exitCode: 1 } })], attempts);
  const [state] = helmStates([job('c', 'traefik-34.tgz')], [pod('c', 0, { running: {} })], attempts);
  expect(state).toMatchObject({ attempts: 4, state: 'running' });
});

test('a job that is complete has nothing more to say', () => {
  const [state] = helmStates([job('a', 'traefik-34.tgz', true)], [], new Map());
  expect(state).toMatchObject({ state: 'complete', detail: '' });
});

test('ready pods of Traefik are counted by version; one that is leaving does not count', () => {
  const traefik = (version: string, ready: 'True' | 'False', leaving = false) =>
    ({
      metadata: {
        labels: { 'app.kubernetes.io/name': 'traefik' },
        ...(leaving && { deletionTimestamp: new Date(0) }),
      },
      spec: { containers: [{ image: `rancher/mirrored-library-traefik:${version}` }] },
      status: { conditions: [{ type: 'Ready', status: ready }] },
    }) as unknown as V1Pod;
  const pods = [traefik('2.11.18', 'True', true), traefik('3.3.6', 'True'), traefik('3.3.6', 'False')];
  expect(readyTraefiks(pods)).toEqual({ '3.3.6': 1 });
});

test('the reason of a failed job is the last line that speaks of an error, and not the last line', () => {
  const log = 'Upgrading\nError: UPGRADE FAILED: redirectTo syntax has been removed in v34\n+ exit\n';
  expect(reasonIn(log)).toBe('Error: UPGRADE FAILED: redirectTo syntax has been removed in v34');
  expect(reasonIn('')).toBe('it left no log');
});
