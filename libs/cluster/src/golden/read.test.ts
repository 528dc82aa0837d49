import { expect, test } from 'vitest';
import { backends } from '../backend/index.ts';
import { readLines } from './read.ts';

const peer = { name: 'agent-1', address: '198.18.7.12', podSubnet: '10.42.2.0/24', vtepMac: null, publicKey: 'kEy+1=' };
const node = { ...peer, name: 'agent-0', address: '198.18.7.11', podSubnet: '10.42.1.0/24' };

/** As the programs print it; no kernel with WireGuard was at hand. */
const said = `=== link
[{"ifname":"flannel-wg","flags":["POINTOPOINT","NOARP","UP"],"mtu":1420,"linkinfo":{"info_kind":"wireguard"}}]
=== addr
[{"ifname":"flannel-wg","addr_info":[{"family":"inet","local":"10.42.1.0","prefixlen":32}]}]
=== route
[{"type":"unicast","dst":"10.42.0.0/16","dev":"flannel-wg","scope":"link","flags":[]}]
=== neigh
[{"dst":"198.18.7.12","dev":"eth0","lladdr":"02:42:c6:12:07:0c","state":["REACHABLE"]},
{"dst":"10.42.2.0","dev":"flannel.1","state":["FAILED"]}]
=== fdb
[{"mac":"02:42:c6:12:07:0c","ifname":"veth0","flags":[],"master":"cni0","state":"permanent"}]
=== sysctl
=== iptables
=== subnet.env
=== wg-endpoints
flannel-wg	kEy+1=	198.18.7.12:51820
wg0	other=	192.0.2.1:51820
=== wg-allowed
flannel-wg	kEy+1=	10.42.2.0/24
`;

test('the interface of WireGuard and its peers are read as they are planned, and nothing of other interfaces', () => {
  expect(readLines(said)).toEqual(backends['wireguard-native'].golden(node, [peer]));
});
