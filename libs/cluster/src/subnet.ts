/** Addresses of a run's LAN: arithmetic. */

/** The 512 /24 networks of 198.18.0.0/15, from a place that the seed decides, so that parallel runs seldom collide. */
export function* candidateSubnets(start: number): Generator<string> {
  for (let step = 0; step < 512; step++) {
    const index = (start + step) % 512;
    yield `198.${18 + (index >> 8)}.${index & 255}.0/24`;
  }
}

/** The address with this last octet in a /24. */
export function addressIn(subnet: string, host: number): string {
  return `${subnet.slice(0, subnet.lastIndexOf('.'))}.${host}`;
}

/** The MAC of an address, as Docker derives it: stable over restarts, readable in captures. */
export function macOf(address: string): string {
  return ['02', '42', ...address.split('.').map((octet) => Number(octet).toString(16).padStart(2, '0'))].join(':');
}
