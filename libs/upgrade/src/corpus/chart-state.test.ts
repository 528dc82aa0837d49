import { describe, expect, test } from 'vitest';
import { settledOf, type Deployment, type Job, type Pod, type Workloads } from './chart-state.ts';

const meta = (name: string, uid = name) => ({ name, namespace: 'n', uid });
const BEFORE = { before: new Set(['old']), traefik: '3.3.6' };

const job = (uid: string, isComplete: boolean): Job => ({
  metadata: meta('helm-install-traefik', uid),
  status: { conditions: isComplete ? [{ type: 'Complete', status: 'True' }] : [] },
});

const jobPod = (of: string, restartCount: number, reason?: string): Pod => ({
  metadata: { ...meta('job-pod'), ownerReferences: [{ uid: of }] },
  spec: { containers: [{ image: 'klipper-helm' }] },
  status: { containerStatuses: [{ restartCount, state: { ...(reason && { waiting: { reason } }) } }] },
});

const traefik = (version: string, isReady: boolean, restartCount = 0): Pod => ({
  metadata: { ...meta(`traefik-${version}`), labels: { 'app.kubernetes.io/name': 'traefik' } },
  spec: { containers: [{ image: `rancher/mirrored-library-traefik:${version}` }] },
  status: {
    conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }],
    containerStatuses: [{ restartCount }],
  },
});

const deployment = (updated: number): Deployment => ({
  metadata: { ...meta('traefik'), generation: 2 },
  spec: { replicas: 1, template: { spec: { containers: [{ args: ['--ping=true'] }] } } },
  status: { observedGeneration: 2, replicas: 1, updatedReplicas: updated, availableReplicas: 1 },
});

const workloads = (some: Partial<Workloads>): Workloads => ({
  jobs: [],
  deployments: [],
  pods: [],
  services: [],
  ...some,
});

describe('nothing is settled', () => {
  test.each([
    ['before there is a job of its own', workloads({ jobs: [job('old', true)] }), 'no new job'],
    ['while the job runs', workloads({ jobs: [job('new', false)] }), 'the job runs'],
    [
      'when the job failed once, which may be chance',
      workloads({ jobs: [job('new', false)], pods: [jobPod('new', 1)] }),
      'the job runs',
    ],
    [
      'by the failures of the job before',
      workloads({ jobs: [job('new', false)], pods: [jobPod('old', 5, 'CrashLoopBackOff')] }),
      'the job runs',
    ],
    [
      'before the Deployment is rolled out',
      workloads({ jobs: [job('new', true)], deployments: [deployment(0)], pods: [traefik('2.11.18', true)] }),
      'the Deployment is not rolled out',
    ],
  ])('%s', (_, given, lacks) => {
    expect(settledOf(given, BEFORE)).toEqual({ lacks });
  });
});

describe('the outcome is', () => {
  test.each([
    [
      'upgraded, when the release in question serves',
      workloads({ jobs: [job('new', true)], deployments: [deployment(1)], pods: [traefik('3.3.6', true)] }),
      { outcome: 'upgraded', job: 'complete', serves: '3.3.6' },
    ],
    [
      'stuck, when the job fails and an older one serves',
      workloads({ jobs: [job('new', false)], pods: [jobPod('new', 1, 'CrashLoopBackOff'), traefik('2.11.18', true)] }),
      { outcome: 'stuck', job: 'failing', serves: '2.11.18' },
    ],
    [
      'stuck, when the job is done and the new pod does not start',
      workloads({
        jobs: [job('new', true)],
        deployments: [deployment(0)],
        pods: [traefik('2.11.18', true), traefik('3.3.6', false, 2)],
      }),
      { outcome: 'stuck', job: 'complete', serves: '2.11.18' },
    ],
    [
      'refused, when the job fails and none serves',
      workloads({ jobs: [job('new', false)], pods: [jobPod('new', 2)] }),
      { outcome: 'refused', job: 'failing', serves: null },
    ],
  ])('%s', (_, given, wanted) => {
    expect(settledOf(given, BEFORE)).toMatchObject(wanted);
  });
});
