import { describe, expect, test } from 'vitest';
import { RESOURCES, summaryOf, type Kind } from './summary.ts';

describe('of what the API says, what matters is', () => {
  test('of a node: ready or not, and why', () => {
    const conditions = [
      { type: 'MemoryPressure', status: 'False' },
      { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', lastHeartbeatTime: new Date(0) },
    ];
    const taints = [
      { key: 'b', effect: 'NoExecute' },
      { key: 'a', effect: 'NoSchedule' },
    ];
    expect(summaryOf('Node', { spec: { taints }, status: { conditions } })).toEqual({
      ready: 'Unknown',
      reason: 'NodeStatusUnknown',
      schedulable: true,
      taints: 'a:NoSchedule,b:NoExecute',
    });
  });

  test('of an endpoint slice: how many are ready, and where', () => {
    const endpoints = [
      { addresses: ['10.42.1.2'], nodeName: 'agent-0', conditions: { ready: true } },
      { addresses: ['10.42.2.2'], nodeName: 'agent-1', conditions: { ready: false } },
      { addresses: ['10.42.0.2'], nodeName: 'server-0' },
    ];
    const metadata = { labels: { 'kubernetes.io/service-name': 'userlist' } };
    expect(summaryOf('EndpointSlice', { addressType: 'IPv4', metadata, endpoints })).toEqual({
      service: 'userlist',
      readyEndpoints: 2,
      endpoints: 3,
      nodes: 'agent-0,server-0',
    });
  });

  test('of a slice whose endpoints are gone: none', () => {
    expect(summaryOf('EndpointSlice', { addressType: 'IPv4', endpoints: [] })).toMatchObject({
      readyEndpoints: 0,
      nodes: '',
    });
  });

  test('of a service: its addresses', () => {
    const status = { loadBalancer: { ingress: [{ ip: '198.18.7.11' }, { ip: '198.18.7.10' }] } };
    expect(summaryOf('Service', { spec: { type: 'LoadBalancer' }, status })).toEqual({
      type: 'LoadBalancer',
      addresses: '198.18.7.10,198.18.7.11',
    });
  });

  test('of a lease: who holds it, never when it was renewed', () => {
    const spec = { holderIdentity: 'agent-0', leaseDurationSeconds: 15 };
    expect(summaryOf('Lease', { spec })).toEqual({ holder: 'agent-0', seconds: 15 });
  });

  test('of an event: the reason and whom it regards, not how often', () => {
    const involvedObject = { kind: 'Node', name: 'agent-1' };
    const event = { reason: 'NodeNotReady', message: 'm'.repeat(500), count: 7, involvedObject, metadata: {} };
    expect(summaryOf('Event', event)).toEqual({
      reason: 'NodeNotReady',
      regarding: 'Node/agent-1',
      message: 'm'.repeat(160),
    });
  });

  test('of a pod: phase, readiness, node, and whether it is on its way out', () => {
    const metadata = { deletionTimestamp: new Date(0) };
    const pod = { metadata, spec: { nodeName: 'agent-1', containers: [] }, status: { phase: 'Running' } };
    expect(summaryOf('Pod', pod)).toEqual({ phase: 'Running', ready: false, node: 'agent-1', terminating: true });
  });

  test('of what MetalLB announces: which Service, from which node', () => {
    const status = { node: 'agent-1', serviceName: 'traefik', serviceNamespace: 'kube-system', interfaces: [] };
    expect(summaryOf('ServiceL2Status', { metadata: { name: 'l2-8x2vq' }, status })).toEqual({
      node: 'agent-1',
      service: 'kube-system/traefik',
    });
  });
});

test('nothing of an object need be there', () => {
  for (const kind of Object.keys(RESOURCES) as Kind[]) {
    expect(() => summaryOf(kind, { involvedObject: {}, metadata: {}, addressType: 'IPv4' })).not.toThrow();
  }
});
