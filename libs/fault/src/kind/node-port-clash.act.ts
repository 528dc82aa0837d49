/** One fixed NodePort, asked for twice. The first Service is the fault's own as well: nobody else's is touched. */
import {
  CREATE,
  CREATE_MS,
  FAULT_LABEL,
  kubectlOf,
  refuseStrangers,
  removeOf,
  undoBy,
  type Kubectl,
} from '../kubernetes.ts';
import type { Act } from './act.ts';

const NAMES = ['faultline-node-port-0', 'faultline-node-port-1'] as const;
const IN = '--namespace=default';
const APP = { 'app.kubernetes.io/name': 'userlist' } as const;
const APP_PORT = 8181;

export const nodePortAct: Act = {
  keepsDataPlane: true,

  async survey(scene) {
    await refuseStrangers(kubectlOf(scene), 'service', NAMES, scene.signal);
    return {};
  },

  async prepare(scene) {
    const { plan, signal } = scene;
    const kubectl = kubectlOf(scene);
    const create = (name: string) =>
      kubectl(CREATE, {
        signal,
        timeoutMs: CREATE_MS,
        input: JSON.stringify(serviceOf(name, plan.id, Number(plan.parameters['port']))),
      });
    let refusal = '';
    const heal = async () => void (await removeOf(kubectl, 'services', plan.id));
    return {
      async strike() {
        const [first, second] = NAMES;
        await create(first);
        await create(second).catch((error: unknown) => (refusal = String(error)));
      },
      async prove(proveSignal) {
        const names = await madeBy(kubectl, plan.id, proveSignal);
        const said = /provided port is already allocated/.exec(refusal)?.[0];
        const isRefused = said !== undefined && !names.includes(NAMES[1]);
        const detail = `there: ${names.join(', ') || 'none'}; the second was ${said ? `refused: ${said}` : refusal || 'taken'}`;
        return { state: names.includes(NAMES[0]), effect: isRefused, detail };
      },
      heal,
      async proveGone() {
        const left = await madeBy(kubectl, plan.id);
        return { state: left.length === 0, effect: null, detail: `left: ${left.join(', ') || 'none'}` };
      },
      [Symbol.asyncDispose]: heal,
    };
  },

  undo: (engine, intent) => undoBy(engine, intent, (kubectl) => removeOf(kubectl, 'services', intent.fault)),
};

const serviceOf = (name: string, fault: string, nodePort: number): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default', labels: { [FAULT_LABEL]: fault } },
  spec: { type: 'NodePort', selector: APP, ports: [{ port: 80, targetPort: APP_PORT, nodePort }] },
});

async function madeBy(kubectl: Kubectl, fault: string, signal?: AbortSignal): Promise<readonly string[]> {
  const names = '--output=jsonpath={.items[*].metadata.name}';
  const argv = ['get', 'services', IN, `--selector=${FAULT_LABEL}=${fault}`, names];
  return (await kubectl(argv, { ...(signal && { signal }) })).split(' ').filter(Boolean);
}
