/** IPv4 networks: arithmetic. */

/** @throws RangeError where one of them is none. */
export function isInNetwork(address: string, cidr: string): boolean {
  const [base = '', length = '32'] = cidr.split('/');
  const bits = Number(length);
  if (!Number.isInteger(bits) || bits < 0 || bits > 32) throw new RangeError(`${cidr} is no IPv4 network`);
  // A shift by 32 is one by 0: of everything nothing is compared.
  const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
  return (numberOf(address) & mask) >>> 0 === (numberOf(base) & mask) >>> 0;
}

function numberOf(address: string): number {
  const octets = address.split('.').map(Number);
  if (octets.length !== 4 || octets.some((octet) => !Number.isInteger(octet) || octet < 0 || octet > 255)) {
    throw new RangeError(`${address} is no IPv4 address`);
  }
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}
