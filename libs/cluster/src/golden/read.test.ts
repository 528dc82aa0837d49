import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { backends } from '../backend/index.ts';
import { compareGolden } from './golden.ts';
import { READ_DATA_PLANE, readLines } from './read.ts';

const peer = { name: 'agent-1', address: '198.18.7.12', podSubnet: '10.42.2.0/24', vtepMac: null, publicKey: 'kEy+1=' };
const node = { ...peer, name: 'agent-0', address: '198.18.7.11', podSubnet: '10.42.1.0/24', publicKey: 'oWn+0=' };
const golden = backends['wireguard-native'].golden(node, [peer]) ?? [];

const LINKS = `[{"ifname":"flannel-wg","flags":["POINTOPOINT","NOARP","UP"],"mtu":1420,"linkinfo":{"info_kind":"wireguard"}}]`;
const ADDRESSES = `[{"ifname":"flannel-wg","addr_info":[{"family":"inet","local":"10.42.1.0","prefixlen":32}]}]`;
const ROUTES = `[{"type":"unicast","dst":"10.42.0.0/16","dev":"flannel-wg","scope":"link","flags":[]}]`;

/**
 * What the programs print, by their first words. No kernel with WireGuard was at hand: `wg show all dump` is as Debian's wg
 * 1.0.20210914 printed what a program of ours told it in WireGuard's stead, with other keys; its fields are in wg(8).
 */
const SAYS: Readonly<Record<string, string>> = {
  'ip -details': LINKS,
  'ip -4 -json address': ADDRESSES,
  'ip -4 -details': ROUTES,
  'ip -4 -json neighbour': `[{"dst":"198.18.7.12","dev":"eth0","lladdr":"02:42:c6:12:07:0c","state":["REACHABLE"]},
{"dst":"10.42.2.0","dev":"flannel.1","state":["FAILED"]}]`,
  'bridge -json': '[{"mac":"02:42:c6:12:07:0c","ifname":"veth0","flags":[],"master":"cni0","state":"permanent"}]',
  'wg show all dump': `flannel-wg	pRiVaTe=	oWn+0=	51820	off
flannel-wg	kEy+1=	(none)	198.18.7.12:51820	10.42.2.0/24	1763761234	18376	20460	25
wg0	pRiVaTe0=	oWn0=	51821	0xca6c
wg0	other=	pReShArEd=	(none)	192.0.2.0/24,192.0.3.7/32	0	0	148	off
`,
};

/** Runs the script as a side-car does, with programs that print what they are told. */
function read(says: Readonly<Record<string, string>> = SAYS): string {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-programs-'));
  for (const program of ['ip', 'bridge', 'sysctl', 'iptables-save', 'iptables-legacy-save', 'wg']) {
    const cases = Object.entries(says).map(
      ([words, text], index) => (
        writeFileSync(join(folder, `${index}.txt`), `${text}\n`),
        `'${words}'*) cat ${folder}/${index}.txt;;`
      ),
    );
    writeFileSync(join(folder, program), `#!/bin/sh\ncase "${program} $*" in ${cases.join(' ')} esac\n`);
    chmodSync(join(folder, program), 0o755);
  }
  const env = { PATH: `${folder}:${process.env['PATH']}` };
  return execFileSync('sh', ['-c', READ_DATA_PLANE], { env, encoding: 'utf8' });
}

test('the interface of WireGuard and its peers are read as they are planned, and nothing of other interfaces', () => {
  expect(readLines(read())).toEqual(golden);
});

test('no secret key of WireGuard leaves the node', () => {
  expect(read()).toContain('oWn+0=');
  expect(read()).not.toMatch(/pRiVaTe|pReShArEd/);
});

test.each([
  ['another port', ['51820	off', '51999	off'], 'wireguard flannel-wg key oWn+0= port 51999'],
  ['a key that is not the published one', ['oWn+0=', 'oLd+0='], 'wireguard flannel-wg key oLd+0= port 51820'],
  ['a peer that is elsewhere', ['.12:51820', '.19:51820'], 'endpoint 198.18.7.19:51820'],
  ['a peer without its networks', ['10.42.2.0/24', '(none)'], 'allowed (none)'],
  ['a peer that is not kept alive', ['20460	25', '20460	off'], 'keepalive off'],
] as const)('%s is caught', (_, [was, is], extra) => {
  const dump = SAYS['wg show all dump']?.replace(was, is) ?? '';
  const compared = compareGolden(
    { required: golden, allowed: [], fragile: [] },
    readLines(read({ ...SAYS, 'wg show all dump': dump })),
  );
  expect(compared.missing).toHaveLength(1);
  expect(compared.extra).toEqual([expect.stringContaining(extra)]);
});

test('where there is no WireGuard to be read, its golden lines are missing', () => {
  const { 'wg show all dump': _, ...rest } = SAYS;
  const { missing } = compareGolden({ required: golden, allowed: [], fragile: [] }, readLines(read(rest)));
  expect(missing).toEqual([
    'wireguard flannel-wg key oWn+0= port 51820',
    'peer kEy+1= dev flannel-wg endpoint 198.18.7.12:51820 allowed 10.42.2.0/24 keepalive 25',
  ]);
});
