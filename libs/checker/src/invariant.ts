/**
 * What must hold in every run, whatever its scenario: about the address and who answers for it, and about the data plane.
 * Silent where nothing says.
 */
import { addressIn, machinesOf, written as whoIs } from './address.ts';
import type { Expectation } from './expectation.ts';
import { eventsOf } from './facts.ts';
import { goldenDataPlane } from './golden.ts';
import { captured, describeDoubles, doubles, falseClaims, instant } from './owners.ts';
import { result, type Check, type Situation } from './standing.ts';

export const INVARIANTS: Readonly<Record<string, Check>> = {
  'one owner': oneOwner,
  'address in pool': inPool,
  'others absent': othersAbsent,
  "nobody takes a node's address": nodesKeepTheirs,
  'golden data plane': goldenDataPlane,
};

/** Where the scenario expects two owners, that expectation judges them. */
function oneOwner({ address, when, expectations }: Situation): ReturnType<Check> {
  const isExpected = (expectation: Expectation): boolean =>
    expectation.check === 'owners-overlap' || (expectation.check === 'owner' && expectation.is === 'two');
  if (expectations.some(isExpected)) return undefined;
  const { questions, claims } = address;
  if (questions.length === 0) return undefined;
  const twice = doubles(address);
  if (twice) return result('fail', `two owners: ${describeDoubles(twice, address, when)}`);
  const wrong = falseClaims(address);
  const [first] = wrong;
  if (first)
    return result(
      'fail',
      `two owners: ${whoIs(first.senderMac, address)} claimed ${address.address} in ${captured(wrong.length)} ` +
        `while another went on answering, first ${instant(first.time, when)}`,
    );
  const answered = questions.filter(({ owners }) => owners.length > 0);
  const owners = [...new Set(answered.flatMap((question) => question.owners.map(address.nameOf)))].join(', then ');
  const saw = `${answered.length} of ${questions.length} who-has for ${address.address} were answered`;
  const others = `of ${claims.length} captured claims none is against an owner`;
  return result('pass', `never two: ${saw}, each by one (${owners || 'nobody'}); ${others}`);
}

/** The clients' address, and what Services were given. */
function inPool({ facts, address }: Situation): ReturnType<Check> {
  const lan = eventsOf(facts.events, 'lan').at(-1);
  if (!lan?.pool) return undefined;
  const given = eventsOf(facts.events, 'watch')
    .filter(({ kind, summary }) => kind === 'Service' && summary['type'] === 'LoadBalancer')
    .flatMap(({ summary }) => String(summary['addresses'] ?? '').split(','));
  const all = [lan.virtualAddress, address.address, ...given].flatMap((text) => addressIn(text ?? '') ?? []);
  const addresses = [...new Set(all)];
  const [first, last] = lan.pool;
  const outside = addresses.filter((one) => number(one) < number(first) || number(one) > number(last));
  const pool = `the pool ${first} to ${last}`;
  if (addresses.length === 0) return undefined;
  if (outside.length > 0) return result('fail', `${outside.join(', ')} is not of ${pool}`);
  return result('pass', `${addresses.join(', ')} is of ${pool}`);
}

const number = (address: string): number => address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);

/** One that runs outside the cluster, or no cluster at all, has no component in it. */
function othersAbsent({ facts }: Situation): ReturnType<Check> {
  const seen = eventsOf(facts.events, 'inventory');
  if (seen.length === 0) return undefined;
  const { cell = {}, substrate } = facts.begin ?? {};
  const name = cell['loadBalancer'];
  const wanted = name === undefined || name === 'keepalived' || substrate === 'bare' ? [] : [name];
  const wrong = seen.find(({ loadBalancers }) => loadBalancers.toSorted().join() !== wanted.join());
  const list = (names: readonly string[]): string => names.join(', ') || 'none';
  const { loadBalancers, detail } = wrong ?? seen[0] ?? { loadBalancers: [], detail: '' };
  const saw = `load balancers in the cluster: ${list(loadBalancers)} (${detail})`;
  return wrong ? result('fail', `${saw}; wanted: ${list(wanted)}`) : result('pass', saw);
}

/** An address probe (sender 0.0.0.0) claims nothing, and is nobody's address. */
function nodesKeepTheirs({ facts, address, when }: Situation): ReturnType<Check> {
  const machines = machinesOf(facts.events);
  const packets = eventsOf(facts.events, 'arp');
  if (machines.length === 0 || packets.length === 0) return undefined;
  const owner = new Map(machines.map((machine) => [machine.address, machine]));
  const wrong = packets.filter(({ senderAddress, senderMac }) => {
    const machine = owner.get(senderAddress);
    return machine !== undefined && machine.mac !== senderMac;
  });
  const [first] = wrong;
  if (!first)
    return result('pass', `none of ${packets.length} captured ARP packets claims a node's address for another`);
  const of = owner.get(first.senderAddress)?.name;
  return result(
    'fail',
    `${whoIs(first.senderMac, address)} claimed ${first.senderAddress}, the address of ${of}, ` +
      `in ${captured(wrong.length)}, first ${instant(first.time, when)}`,
  );
}
