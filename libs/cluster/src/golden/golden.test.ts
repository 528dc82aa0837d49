/**
 * Against what nodes of real k3s v1.33.3 said: captured/, one file for each backend, as READ_DATA_PLANE printed it, without
 * the counters of links and what is in kube-proxy's chains. What leads into them is alike on every node, and was read from one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BackendName } from '../spec.ts';
import { compareGolden, goldenOf, type Compared, type NodeFacts } from './golden.ts';
import { READ_DATA_PLANE, readLines } from './read.ts';

interface Captured {
  readonly k3s: string;
  readonly backend: BackendName;
  readonly node: string;
  readonly facts: readonly NodeFacts[];
  readonly said: readonly string[];
}

const FOLDER = join(import.meta.dirname, 'captured');
const captured = (name: string): Captured => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Captured;

/** @param change of what the node said; @param facts of what the cluster says of its nodes. */
function compare(
  { backend, node, facts, said }: Captured,
  change: (said: string) => string = (text) => text,
): Compared {
  const own = facts.find(({ name }) => name === node)!;
  const others = facts.filter((other) => other !== own);
  const golden = goldenOf(own, others, { backend, substrate: 'k3s' })!;
  return compareGolden(golden, readLines(change(said.join('\n'))));
}

test.each(readdirSync(FOLDER))('a node of real k3s has its golden data plane: %s', (file) => {
  const { checked, ...differences } = compare(captured(file));
  expect(differences).toEqual({ missing: [], extra: [], lost: [] });
  expect(checked).toBeGreaterThan(15);
});

describe('of a node with vxlan', () => {
  const vxlan = captured('vxlan.json');
  const other = vxlan.facts.find(({ name }) => name !== vxlan.node)!;
  const own = vxlan.facts.find(({ name }) => name === vxlan.node)!;
  const network = other.podSubnet.replace('/24', '');

  /** What it says, with one section changed. */
  const mutant = (section: string, change: (content: string) => string): Compared =>
    compare(vxlan, (said) =>
      said
        .split(/^(?==== )/m)
        .map((part) => (part.startsWith(`=== ${section}\n`) ? change(part) : part))
        .join(''),
    );
  const json = (section: string, change: (entries: readonly Entry[]) => readonly Entry[]): Compared =>
    mutant(section, (part) => {
      const [head = '', ...lines] = part.split('\n');
      return `${head}\n${JSON.stringify(change(JSON.parse(lines.join('')) as Entry[]))}\n`;
    });
  type Entry = Readonly<Record<string, unknown>>;
  const toOther = ({ mac, lladdr, gateway }: Entry): boolean =>
    [mac, lladdr].includes(other.vtepMac) || gateway === network;
  const overlay = ({ ifname }: Entry): boolean => ifname === 'flannel.1';

  const fdb = `fdb ${other.vtepMac} dev flannel.1 dst ${other.address} permanent`;
  const entry = `neighbour ${network} dev flannel.1 lladdr ${other.vtepMac} permanent`;
  const way = `route ${other.podSubnet} via ${network} dev flannel.1 onlink`;

  test.each([
    ['fdb', fdb],
    ['neigh', entry],
    ['route', way],
  ])('a missing entry of %s is caught, and nothing else', (section, line) => {
    expect(json(section, (all) => all.filter((one) => !toOther(one)))).toMatchObject({ missing: [line], extra: [] });
  });

  test('a wrong MAC is caught, and a wrong destination', () => {
    const mac = '02:00:00:00:00:99';
    const wrong = json('neigh', (all) => all.map((one) => (toOther(one) ? { ...one, lladdr: mac } : one)));
    expect(wrong).toMatchObject({ missing: [entry], extra: [entry.replace(other.vtepMac!, mac)] });
    const lost = json('fdb', (all) => all.map((one) => (toOther(one) ? { ...one, dst: '198.18.0.99' } : one)));
    expect(lost).toMatchObject({ missing: [fdb], extra: [fdb.replace(other.address, '198.18.0.99')] });
  });

  test('a stale entry of a node that is no more is caught in every table', () => {
    const facts = vxlan.facts.filter((one) => one !== other);
    expect(new Set(compare({ ...vxlan, facts }).extra)).toEqual(new Set([fdb, entry, way]));
    expect(compare({ ...vxlan, facts }).missing).toEqual([]);
  });

  test('an entry that is there twice is one too many', () => {
    expect(json('fdb', (all) => [...all, ...all.filter(toOther)])).toMatchObject({ missing: [], extra: [fdb] });
  });

  test('what was learnt from traffic is none of Flannel, and is caught', () => {
    const learnt = { mac: '02:00:00:00:00:99', ifname: 'flannel.1', dst: other.address, flags: ['self'], state: '' };
    expect(json('fdb', (all) => [...all, learnt]).extra).toEqual([
      `fdb 02:00:00:00:00:99 dev flannel.1 dst ${other.address} learnt`,
    ]);
  });

  test('a more specific route takes packets away, and is caught', () => {
    const route = { dst: network.replace(/0$/, '7'), dev: 'eth0', flags: [] };
    expect(json('route', (all) => [...all, route]).extra).toEqual([`route ${route.dst} dev eth0`]);
  });

  test.each([
    ['a wrong MTU', { mtu: 1500 }, 'mtu 1500'],
    ['a link that is down', { flags: ['BROADCAST'] }, 'down'],
    ['another MAC than it published', { address: '02:00:00:00:00:99' }, 'mac 02:00:00:00:00:99'],
  ])('%s of the overlay interface is caught', (_, change, word) => {
    const { missing, extra } = json('link', (all) => all.map((one) => (overlay(one) ? { ...one, ...change } : one)));
    expect(missing).toHaveLength(1);
    expect(extra).toEqual([expect.stringContaining(word)]);
  });

  test('a VXLAN that learns, or has another port, is caught', () => {
    const data = (change: Entry) => (one: Entry) => {
      const info = one['linkinfo'] as { info_data: Entry };
      return overlay(one) ? { ...one, linkinfo: { ...info, info_data: { ...info.info_data, ...change } } } : one;
    };
    expect(json('link', (all) => all.map(data({ learning: true }))).extra[0]).toContain(' learning ');
    expect(json('link', (all) => all.map(data({ port: 4789 }))).extra[0]).toContain('port 4789');
  });

  test('a pod whose end has another MTU is caught', () => {
    const odd = { ifname: 'veth01234567', master: 'cni0', mtu: 1500, flags: ['UP'] };
    expect(json('link', (all) => [...all, odd]).extra).toEqual(['pods on cni0 mtu 1500']);
  });

  test('a bridge that is gone while pods run is caught, and none is missed where no pod runs', () => {
    const gone = json('link', (all) => all.filter(({ ifname, master }) => ![ifname, master].includes('cni0')));
    expect(gone.missing).toEqual(['link cni0 bridge mtu 1450 up']);
    const facts = vxlan.facts.map((one) => (one === own ? { ...one, hasPods: false } : one));
    expect(compare({ ...vxlan, facts })).toMatchObject({ missing: [], extra: [] });
  });

  test('a node that does not forward is caught', () => {
    const { missing, extra } = mutant('sysctl', (part) => part.replace('= 1', '= 0'));
    expect({ missing, extra }).toEqual({
      missing: ['sysctl net.ipv4.ip_forward=1'],
      extra: ['sysctl net.ipv4.ip_forward=0'],
    });
  });

  test('a rule that is missing, doubled, of another network, or out of order is caught', () => {
    const rules = (change: (lines: readonly string[]) => readonly string[]) =>
      mutant('iptables', (part) => change(part.split('\n')).join('\n'));
    const isReturn = (line: string): boolean => line.startsWith(`-A FLANNEL-POSTRTG -s ${own.podSubnet} `);
    const index = vxlan.said.findIndex(isReturn);
    const rule = `iptables nat ${vxlan.said[index]}`;
    expect(rules((lines) => lines.filter((line) => !isReturn(line)))).toMatchObject({ missing: [rule], extra: [] });
    expect(rules((lines) => lines.flatMap((line) => (isReturn(line) ? [line, line] : line)))).toMatchObject({
      missing: [],
      extra: [rule],
    });
    expect(
      rules((lines) => lines.map((line) => (isReturn(line) ? line.replace(own.podSubnet, other.podSubnet) : line))),
    ).toMatchObject({ missing: [rule], extra: [rule.replace(own.podSubnet, other.podSubnet)] });
    const last = (lines: readonly string[]) => lines.findLastIndex((line) => line.startsWith('-A FLANNEL-POSTRTG'));
    const moved = (lines: readonly string[]) =>
      lines
        .toSpliced(last(lines) + 1, 0, lines.find(isReturn)!)
        .filter((line, at) => !isReturn(line) || at > last(lines));
    expect(rules(moved)).toMatchObject({ missing: ['order of iptables nat -A FLANNEL-POSTRTG'], extra: [] });
  });

  const withoutJumpsTo = (target: string): Compared =>
    mutant('iptables', (part) =>
      part
        .split('\n')
        .filter((line) => !line.endsWith(`-j ${target}`))
        .join('\n'),
    );
  const placed = (lines: readonly string[]) => lines.map((line) => line.split(' ').slice(0, 4).join(' '));

  test('a node whose kube-proxy has not come that far is caught', () => {
    expect(placed(withoutJumpsTo('KUBE-POSTROUTING').missing)).toEqual(['kube-proxy nat -A POSTROUTING']);
    const { missing, lost } = withoutJumpsTo('KUBE-SERVICES');
    expect(placed(missing)).toEqual(['kube-proxy nat -A PREROUTING', 'kube-proxy nat -A OUTPUT']);
    expect(placed(lost)).toEqual(['kube-proxy filter -A FORWARD', 'kube-proxy filter -A OUTPUT']);
    const doubled = mutant('iptables', (part) => part.replace(/^-A OUTPUT .*KUBE-SERVICES$/m, '$&\n$&'));
    expect(doubled.extra).toHaveLength(1);
  });

  test('what k3s takes from kube-proxy in the table filter is told, and is no difference', () => {
    const { missing, extra, lost } = withoutJumpsTo('KUBE-NODEPORTS');
    expect({ missing, extra, lost: placed(lost) }).toEqual({
      missing: [],
      extra: [],
      lost: ['kube-proxy filter -A INPUT'],
    });
  });

  test('a subnet.env that gives pods another MTU is caught, and one that is not there', () => {
    expect(mutant('subnet.env', (part) => part.replace('MTU=1450', 'MTU=1500'))).toMatchObject({
      missing: ['subnet.env FLANNEL_MTU=1450'],
      extra: ['subnet.env FLANNEL_MTU=1500'],
    });
    expect(mutant('subnet.env', () => '=== subnet.env\n').missing).toHaveLength(4);
  });

  test('a node that published no MAC is known to lack its line', () => {
    const facts = vxlan.facts.map((one) => (one === other ? { ...one, vtepMac: null } : one));
    expect(compare({ ...vxlan, facts }).missing).toContain(fdb.replace(other.vtepMac!, '(not published)'));
  });

  test('a section that could not be read is an error, and not a match', () => {
    expect(() => compare(vxlan, (said) => said.replace('=== fdb', '=== nothing'))).toThrow('no section "fdb"');
  });
});

test('a CNI of your own has no golden data plane', () => {
  const [node, ...others] = captured('vxlan.json').facts;
  expect(goldenOf(node!, others, { backend: 'none', substrate: 'k3s' })).toBeNull();
});

test('everything is read by one script that stops at the first thing it cannot read', () => {
  expect(READ_DATA_PLANE.startsWith('set -eu\n')).toBe(true);
});
