/** Sweeps of a real path: two network namespaces, and a router between them that can be spoiled. */
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { host, type Commander, type Running } from '@faultline/control';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { FOLDER } from '../program.ts';
import { LARGE_BYTES } from './plan.ts';
import { Askers } from './sweep.ts';

/** Runs the program from where its source lies. */
const side: Commander = {
  ...host,
  copyIn: async () => {},
  start: (argv, options) =>
    host.start(
      argv.map((word) => word.replace(FOLDER, join(import.meta.dirname, '../prober'))),
      options,
    ),
};
const APP = `
  require('node:http').createServer(({ url, socket: { remoteAddress } }, response) => {
    const pad = '.'.repeat(Number(new URL(url, 'http://pod').searchParams.get('pad')));
    response.end(JSON.stringify({ pod: 'pod-1', remoteAddress: remoteAddress.replace('::ffff:', ''), pad }));
  }).listen(8181, () => console.log('listening'));
  process.stdin.resume().on('end', () => process.exit());`;

const [client, router, server] = ['client', 'router', 'server'].map((name) => `sweep-${process.pid}-${name}`) as [
  string,
  string,
  string,
];
const ip = (words: string) => host.exec(['ip', ...words.split(' ')]);
const isRoot = process.getuid?.() === 0;
let app: Running;

beforeEach(({ skip }) => {
  if (!isRoot) skip('only root may make network namespaces');
});
beforeAll(async () => {
  if (!isRoot) return;
  for (const name of [client, router, server]) await ip(`netns add ${name}`);
  await joined(client, '10.1.0.2', 'to-client', '10.1.0.1');
  await joined(server, '10.2.0.2', 'to-server', '10.2.0.1');
  await host.exec(['ip', 'netns', 'exec', router, 'sysctl', '--quiet', '--write', 'net.ipv4.ip_forward=1']);
  app = await host.start(['ip', 'netns', 'exec', server, process.execPath, '-e', APP]);
  await new Promise((resolve) => app.stdout.once('data', resolve));
});
afterAll(async () => {
  if (!isRoot) return;
  app.stdin.end();
  await text(app.stdout);
  for (const name of [client, router, server]) await ip(`netns delete ${name}`);
});

/** Its packets go one by one: a bundle of them, which the kernel makes and takes apart itself, would pass any MTU. */
async function joined(end: string, address: string, link: string, gateway: string): Promise<void> {
  await ip(`link add eth0 netns ${end} type veth peer name ${link} netns ${router}`);
  await ip(`-n ${end} address add ${address}/24 dev eth0`);
  await ip(`-n ${router} address add ${gateway}/24 dev ${link}`);
  await ip(`-n ${router} link set ${link} up`);
  await ip(`-n ${end} link set eth0 gso_max_segs 1 up`);
  await ip(`-n ${end} route add default via ${gateway}`);
}

async function asked(): Promise<readonly string[]> {
  const how = { kind: 'whoami', address: '10.2.0.2', port: 8181, pod: 'pod-1' } as const;
  const ends = { from: 'agent-0', to: 'agent-1' };
  const asks = [
    { path: 'pod-pod', ...ends, how: { ...how, pad: 0 } },
    { path: 'pod-pod-large', ...ends, how: { ...how, pad: LARGE_BYTES } },
  ] as const;
  await using askers = new Askers(() => side, new AbortController().signal);
  await askers.seat([{ node: 'agent-0', vantage: { name: 'pod-0', netns: `/run/netns/${client}` }, asks }]);
  return (await askers.ask()).map(({ lost, sourceKept, detail }) =>
    [`${lost} lost`, detail, sourceKept === false ? 'translated' : ''].filter(Boolean).join(' '),
  );
}

test('where the path is whole, small and large answers come', async () => {
  expect(await asked()).toEqual(['0 lost', '0 lost']);
});

test('where it is narrower than its ends believe, small answers come and large ones do not', async () => {
  await ip(`-n ${router} link set to-server mtu 1400`);
  expect(await asked()).toEqual(['0 lost', '3 lost timeout']);
  await ip(`-n ${router} link set to-server mtu 1500`);
});

test('where it is cut, nothing comes', async () => {
  await ip(`-n ${router} route add blackhole 10.2.0.2/32`);
  expect(await asked()).toEqual(['3 lost timeout', '3 lost timeout']);
  await ip(`-n ${router} route delete blackhole 10.2.0.2/32`);
});

test('where the router translates addresses, the answers say so', async () => {
  const table = ['ip', 'netns', 'exec', router, 'iptables', '--table', 'nat'];
  await host.exec([...table, '--append', 'POSTROUTING', '--out-interface', 'to-server', '--jump', 'MASQUERADE']);
  expect(await asked()).toEqual(['0 lost translated', '0 lost translated']);
});
