/** A second Service that wants port 80. It is made and removed by a label of its own fault, so it is never somebody else's. */
import { kubectlOf, undoBy, type Kubectl } from '../kubernetes.ts';
import type { Act } from './act.ts';

const NAME = 'faultline-clash';
const IN = '--namespace=default';
const LABEL = 'faultline.fault';
/** As the workload labels the pods of the app, and the port on which they listen. */
const APP = { 'app.kubernetes.io/name': 'userlist' } as const;
const APP_PORT = 8181;

export const clashAct: Act = {
  keepsDataPlane: true,

  async survey(scene) {
    const kubectl = kubectlOf(scene);
    const there = await kubectl(['get', 'service', NAME, IN, '--ignore-not-found', '--output=name'], {
      signal: scene.signal,
    });
    if (there.trim()) throw new Error(`there is a Service ${NAME} already, which this fault did not make`);
    return {};
  },

  async prepare(scene) {
    const { plan, signal } = scene;
    const kubectl = kubectlOf(scene);
    const heal = async () => void (await remove(kubectl, plan.id));
    return {
      strike: async () =>
        void (await kubectl(['create', '--filename=-'], { signal, input: JSON.stringify(clashing(plan.id)) })),
      async prove(proveSignal) {
        const addresses = await addressesOf(kubectl, plan.id, proveSignal);
        if (!addresses) return { state: false, effect: false, detail: `there is no Service ${NAME}` };
        const status = addresses.length > 0 ? `has ${addresses.join(', ')}` : 'is pending';
        return { state: true, effect: addresses.length === 0, detail: `Service ${NAME} on port 80 ${status}` };
      },
      heal,
      async proveGone() {
        const left = await addressesOf(kubectl, plan.id);
        return { state: !left, effect: null, detail: `Service ${NAME} is ${left ? 'still there' : 'gone'}` };
      },
      [Symbol.asyncDispose]: heal,
    };
  },

  undo: (engine, intent) => undoBy(engine, intent, (kubectl) => remove(kubectl, intent.fault)),
};

const clashing = (fault: string): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: NAME, namespace: 'default', labels: { [LABEL]: fault } },
  spec: {
    type: 'LoadBalancer',
    selector: APP,
    ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: APP_PORT }],
  },
});

async function remove(kubectl: Kubectl, fault: string): Promise<string> {
  const argv = ['delete', 'service', IN, `--selector=${LABEL}=${fault}`, '--ignore-not-found', '--timeout=10s'];
  return (await kubectl(argv)).trim() || 'was not there';
}

interface Service {
  readonly status: { readonly loadBalancer: { readonly ingress?: readonly { readonly ip?: string }[] } };
}

/** The addresses that it was given; undefined: it is not there. */
async function addressesOf(
  kubectl: Kubectl,
  fault: string,
  signal?: AbortSignal,
): Promise<readonly string[] | undefined> {
  const argv = ['get', 'services', IN, `--selector=${LABEL}=${fault}`, '--output=json'];
  const { items } = JSON.parse(await kubectl(argv, { ...(signal && { signal }) })) as { items: readonly Service[] };
  return items[0]?.status.loadBalancer.ingress?.flatMap(({ ip }) => ip ?? []) ?? (items[0] && []);
}
