/** What Flannel writes on a node whatever its backend: rules, and the file by which pods get their addresses. */
import { rule, subnetEnv } from './line.ts';
import { networkAddress, POD_NETWORK } from './pod-network.ts';

const MASQUERADED = '-m comment --comment "flanneld masq"';
const FORWARDED = '-m comment --comment "flanneld forward"';

/**
 * Within the pod network no address is translated; out of it and into it from elsewhere it is. Within a chain the order
 * counts: who must not be translated returns before those who must.
 */
export function flannelRules(podSubnet: string): readonly string[] {
  const masquerade = (match: string) => `-A FLANNEL-POSTRTG ${match} ${MASQUERADED} -j MASQUERADE --random-fully`;
  const leave = (match: string) => `-A FLANNEL-POSTRTG ${match} -j RETURN`;
  const nat = [
    `-A POSTROUTING ${MASQUERADED} -j FLANNEL-POSTRTG`,
    // kube-proxy's mark: it translates these itself.
    leave(`-m mark --mark 0x4000/0x4000 ${MASQUERADED}`),
    leave(`-s ${podSubnet} -d ${POD_NETWORK} ${MASQUERADED}`),
    leave(`-s ${POD_NETWORK} -d ${podSubnet} ${MASQUERADED}`),
    leave(`! -s ${POD_NETWORK} -d ${podSubnet} ${MASQUERADED}`),
    masquerade(`-s ${POD_NETWORK} ! -d 224.0.0.0/4`),
    masquerade(`! -s ${POD_NETWORK} -d ${POD_NETWORK}`),
  ];
  const filter = [
    `-A FORWARD ${FORWARDED} -j FLANNEL-FWD`,
    `-A FLANNEL-FWD -s ${POD_NETWORK} ${FORWARDED} -j ACCEPT`,
    `-A FLANNEL-FWD -d ${POD_NETWORK} ${FORWARDED} -j ACCEPT`,
  ];
  return [...nat.map((text) => rule('nat', text)), ...filter.map((text) => rule('filter', text))];
}

export const subnetFile = (podSubnet: string, mtu: number): readonly string[] =>
  [
    `FLANNEL_NETWORK=${POD_NETWORK}`,
    `FLANNEL_SUBNET=${gatewayOf(podSubnet)}`,
    `FLANNEL_MTU=${mtu}`,
    'FLANNEL_IPMASQ=true',
  ].map(subnetEnv);

/** `10.42.1.0/24` to `10.42.1.1/24`: the address of the bridge. */
export const gatewayOf = (podSubnet: string): string =>
  `${networkAddress(podSubnet).replace(/\.0$/, '.1')}${podSubnet.slice(podSubnet.indexOf('/'))}`;
