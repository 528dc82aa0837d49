import type { Engine } from '@faultline/control';
import { expect, test } from 'vitest';
import { createContainer, ImageMissingError, runContainer, type ContainerSpec } from './container.ts';

const { signal } = new AbortController();
const spec: ContainerSpec = { name: 'c', image: 'faultline/tools:1', labels: { a: 'b' } };

interface Asked {
  readonly MacAddress?: string;
  readonly NetworkingConfig?: { EndpointsConfig: Record<string, { IPAMConfig: object }> };
  readonly HostConfig: Record<string, unknown>;
}

function fakeEngine(behaviour: { create?: Error; start?: Error } = {}) {
  const asked: Asked[] = [];
  const removed: string[] = [];
  const engine = {
    createContainer: async (request: Asked) => {
      asked.push(request);
      if (behaviour.create) throw behaviour.create;
      return {
        id: 'id',
        start: async () => {
          if (behaviour.start) throw behaviour.start;
        },
      };
    },
    getContainer: (id: string) => ({ remove: async () => void removed.push(id) }),
  };
  return { engine: engine as unknown as Engine, asked, removed };
}

test('ports are published on 127.0.0.1 and nowhere else', async () => {
  const { engine, asked } = fakeEngine();
  await createContainer(
    engine,
    {
      ...spec,
      ports: [
        { container: 6443, host: 0 },
        { container: 80, host: 8080 },
      ],
    },
    { signal },
  );
  expect(asked[0]?.HostConfig['PortBindings']).toEqual({
    '6443/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }],
    '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8080' }],
  });
});

test('without a place on a network it has none', async () => {
  const { engine, asked } = fakeEngine();
  await createContainer(engine, spec, { signal });
  expect(asked[0]?.HostConfig['NetworkMode']).toBe('none');
});

test('on the LAN its address and MAC are given, for old engines and new', async () => {
  const { engine, asked } = fakeEngine();
  await createContainer(
    engine,
    { ...spec, lan: { network: 'lan', address: '198.18.0.10', mac: '02:42:c6:12:00:0a' } },
    { signal },
  );
  expect(asked[0]?.MacAddress).toBe('02:42:c6:12:00:0a');
  expect(asked[0]?.NetworkingConfig?.EndpointsConfig['lan']).toEqual({
    IPAMConfig: { IPv4Address: '198.18.0.10' },
    MacAddress: '02:42:c6:12:00:0a',
  });
});

test('a missing image is one clear error that says what to type', async () => {
  const create = Object.assign(new Error('(HTTP code 404) no such container - No such image: faultline/tools:1'), {
    statusCode: 404,
  });
  const { engine } = fakeEngine({ create });
  const made = createContainer(engine, spec, { signal });
  await expect(made).rejects.toThrow(ImageMissingError);
  await expect(made).rejects.toThrow('Next: npm run images');
});

test('one that does not start is removed again', async () => {
  const { engine, removed } = fakeEngine({ start: new Error('no') });
  await expect(runContainer(engine, spec, { signal })).rejects.toThrow('the container c could not be started: no');
  expect(removed).toEqual(['id']);
});

test('nothing is made when the signal has aborted', async () => {
  const { engine, asked } = fakeEngine();
  await expect(createContainer(engine, spec, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
    'enough',
  );
  expect(asked).toEqual([]);
});
