/** Addresses and networks as Go's net package reads them, for ClientIP. */

/** As IPv6; an IPv4 address is the mapped one. */
interface Network {
  readonly address: bigint;
  readonly bits: number;
}

const MAPPED = 0xffffn << 32n;

/** v2.11.18 and v3.3.6 pkg/ip/checker.go NewChecker; undefined: neither an address nor a CIDR. */
export function networkOf(text: string): Network | undefined {
  const whole = addressOf(text);
  if (whole !== undefined) return { address: whole, bits: 128 };
  const [, host = '', length = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const address = addressOf(host);
  const most = host.includes(':') ? 128 : 32;
  if (address === undefined || Number(length) > most) return undefined;
  return { address, bits: Number(length) + 128 - most };
}

/** An IPv4 address is in no network of IPv6, not even in `::/0` (Go's net.IPNet.Contains). */
export function isIn(text: string, { address, bits }: Network): boolean {
  const asked = addressOf(text.replace(/%.*$/, ''));
  if (asked === undefined || isMapped(asked) !== isMapped(begin(address, bits))) return false;
  return begin(asked, bits) === begin(address, bits);
}

function begin(address: bigint, bits: number): bigint {
  const rest = BigInt(128 - bits);
  return (address >> rest) << rest;
}

function isMapped(address: bigint): boolean {
  return address >> 32n === MAPPED >> 32n;
}

function addressOf(text: string): bigint | undefined {
  const v4 = v4Of(text);
  return v4 === undefined ? v6Of(text) : MAPPED | v4;
}

function v4Of(text: string): bigint | undefined {
  const parts = text.split('.');
  // Go refuses leading zeros.
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function v6Of(text: string): bigint | undefined {
  const [, before = text, tail] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text) ?? [];
  const v4 = tail === undefined ? undefined : v4Of(tail);
  if (tail !== undefined && v4 === undefined) return undefined;
  const hex = v4 === undefined ? before : `${before}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`;
  const halves = hex.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], rest = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - rest.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...rest];
  if (!groups.every((group) => /^[\da-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}
