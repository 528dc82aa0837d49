/** Names and addresses of somebody's network become those of a replay. Pure. */
import { addressIn } from '@faultline/cluster/plan';
import type { KubeObject } from '@faultline/traefik';
import { isTable } from './keep.ts';
import { BUNDLE_SUBNET, type NodeOf } from './nodes.ts';
import type { RawObject } from './object.ts';

/** Last octets of the addresses that load balancers give out: the first ones are taken for the Ingress controller. */
const VIRTUAL = { first: 210, last: 219 } as const;
const HOST_NAME = 'kubernetes.io/hostname';

const IPV4 = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])(?:\/\d{1,2})?/g;

export class Naming {
  readonly #nodes: readonly NodeOf[];
  readonly #addresses: Map<string, string>;

  /** @param virtual addresses that load balancers gave out, or were asked for. */
  constructor(nodes: readonly NodeOf[], virtual: readonly string[] = []) {
    this.#nodes = nodes;
    const own = nodes.flatMap(({ was, address }) => was.addresses.map((old) => [old, address] as const));
    this.#addresses = new Map(own);
    let host: number = VIRTUAL.first;
    for (const address of new Set(virtual)) {
      if (this.#addresses.has(address)) continue;
      this.#addresses.set(address, inOurs(address) ?? addressIn(BUNDLE_SUBNET, host));
      if (inOurs(address) === undefined) host = Math.min(host + 1, VIRTUAL.last);
    }
  }

  /** Undefined where there is no such node: it is gone. */
  node(name: string): string | undefined {
    return this.#nodes.find(({ was }) => was.name === name)?.name;
  }

  /** The node that has the address. */
  nodeAt(address: string): string | undefined {
    return this.#nodes.find(({ was }) => was.addresses.includes(address))?.name;
  }

  /** With the addresses of a replay; a network in which nodes are is the replay's. */
  addresses(text: string): string {
    return text.replaceAll(IPV4, (found) => {
      const [address = '', bits] = found.split('/', 2);
      if (bits === undefined) return this.#addresses.get(address) ?? found;
      if (bits === '32') return `${this.#addresses.get(address) ?? address}/32`;
      return this.#isLan(address, Number(bits)) ? BUNDLE_SUBNET : found;
    });
  }

  #isLan(network: string, bits: number): boolean {
    if (bits < 8) return false;
    const prefix = (address: string) => numberOf(address) >>> (32 - bits);
    return this.#nodes.some(({ was }) =>
      was.addresses.some((own) => IPV4_ONLY.test(own) && prefix(own) === prefix(network)),
    );
  }

  /** The words of an Event: node names as well. */
  words(text: string): string {
    const named = this.#nodes.reduce(
      (all, { was, name }) =>
        all.replaceAll(new RegExp(String.raw`(?<![\w.-])${escaped(was.name)}(?![\w-])`, 'g'), name),
      text,
    );
    return this.addresses(named);
  }

  object(object: KubeObject): KubeObject {
    const { metadata, spec } = object;
    const named = this.#inside({ metadata, ...(spec && { spec }) }) as Pick<KubeObject, 'metadata' | 'spec'>;
    return { ...object, ...named };
  }

  #inside(value: unknown, key = ''): unknown {
    if (typeof value === 'string') {
      return key === HOST_NAME || key === 'nodeName' ? (this.node(value) ?? value) : this.addresses(value);
    }
    if (Array.isArray(value)) return value.map((one) => this.#inside(one, key));
    if (!isTable(value)) return value;
    const isHost = value['key'] === HOST_NAME;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [
        name,
        this.#inside(inner, isHost && name === 'values' ? HOST_NAME : name),
      ]),
    );
  }
}

/** What is in a replay already has its last octet: so that capturing a replay gives the bundle again. */
function inOurs(address: string): string | undefined {
  return /^198\.1[89]\.\d+\.\d+$/.test(address) ? addressIn(BUNDLE_SUBNET, Number(address.split('.')[3])) : undefined;
}

const IPV4_ONLY = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const numberOf = (address: string): number =>
  address.split('.').reduce((sum, octet) => (sum << 8) | Number(octet), 0) >>> 0;
const escaped = (name: string): string => name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** Addresses that Services have, or ask for. */
export function virtualAddresses(all: readonly RawObject[]): readonly string[] {
  return all
    .filter(({ kind }) => kind === 'Service')
    .flatMap(({ spec, status, metadata }) => {
      const asked = spec as { loadBalancerIP?: string; externalIPs?: readonly string[] } | undefined;
      const given = status as { loadBalancer?: { ingress?: readonly { ip?: string }[] } } | undefined;
      const words = isTable(metadata['annotations']) ? metadata['annotations'] : {};
      const named = Object.entries(words).flatMap(([key, text]) =>
        /loadBalancerIPs$/i.test(key)
          ? String(text)
              .split(',')
              .map((one) => one.trim())
          : [],
      );
      return [asked?.loadBalancerIP, ...(asked?.externalIPs ?? []), ...named]
        .concat((given?.loadBalancer?.ingress ?? []).map(({ ip }) => ip))
        .filter((address): address is string => address !== undefined && IPV4_ONLY.test(address));
    });
}
