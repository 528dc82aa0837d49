/** What a pod of ServiceLB forwards, and what passes it. */
import type { Rig } from '../rig.ts';

const PREFIX = 'svccontroller.k3s.cattle.io';

interface DaemonSet {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
          readonly ports: readonly { readonly hostPort: number }[];
        }[];
      };
    };
  };
}

/** What its first container is told. */
export async function forwarding(
  rig: Rig,
  service: string,
  namespace = 'default',
): Promise<{ clusterIp: string; destIps: string; destPort: string; hostPort: number | undefined }> {
  const which = ['daemonsets', '--namespace=kube-system', `--selector=${PREFIX}/svcname=${service}`];
  const [set] = await rig.until(
    'its DaemonSet',
    15_000,
    () => rig.list<DaemonSet>(...which),
    ({ length }) => length > 0,
  );
  const container = set?.spec.template.spec.containers[0];
  const told = (name: string) => {
    const found = container?.env.find((variable) => variable.name === name);
    return found?.value ?? JSON.stringify(found?.valueFrom ?? null);
  };
  const path = 'jsonpath={.spec.clusterIP}';
  return {
    clusterIp: await rig.kubectl('get', 'service', service, '--namespace', namespace, '--output', path),
    destIps: told('DEST_IPS'),
    destPort: told('DEST_PORT'),
    hostPort: container?.ports[0]?.hostPort,
  };
}

/** Of the pod on the server: packets that its DNAT rules counted, each the first one of a connection. */
export async function packetsThrough(
  rig: Rig,
  from: 'client' | 'node',
  requests: number,
): Promise<{ passed: number; answered: number }> {
  const pods = await rig.places('--namespace=kube-system', `--selector=${PREFIX}/svcname=traefik`);
  const pod = pods.find(({ node }) => node === rig.server.name);
  if (!pod) throw new Error(`no pod of ServiceLB on ${rig.server.name}`);
  const counted = async () => {
    const saves = ['iptables-legacy-save', 'iptables-nft-save'];
    const texts = await Promise.all(saves.map((save) => rig.exec(pod.where, [save, '--counters', '--table', 'nat'])));
    const rules = texts
      .join('\n')
      .split('\n')
      .filter((line) => line.includes('DNAT') && line.includes('-A '));
    return rules.reduce((sum, line) => sum + Number(/^\[(\d+):/.exec(line)?.[1] ?? 0), 0);
  };
  const before = await counted();
  const url = `http://${from === 'client' ? rig.server.address : '127.0.0.1'}/healthz`;
  let answered = 0;
  for (let request = 0; request < requests; request++) {
    const { status } = await rig.asked(url, { from: from === 'client' ? rig.cluster.client : rig.server.side });
    if (status !== '000') answered++;
  }
  return { passed: (await counted()) - before, answered };
}
