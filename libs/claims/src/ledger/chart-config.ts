/** HelmChartConfig, and who installs what: asked of a cluster whose Traefik nobody needs. */
import { clusterClaim, seen, type Claim } from '../claim.ts';
import type { KubeObject, Rig } from '../rig.ts';

const MARK = '--serversTransport.maxIdleConnsPerHost=201';

interface Config {
  readonly name?: string;
  readonly namespace?: string;
  readonly values: string;
}

const values = (content: Readonly<Record<string, unknown>>): string => JSON.stringify(content);
const MARKED = values({ additionalArguments: [MARK] });

const config = ({ name = 'traefik', namespace = 'kube-system', values: valuesContent }: Config): KubeObject => ({
  apiVersion: 'helm.cattle.io/v1',
  kind: 'HelmChartConfig',
  metadata: { name, namespace },
  spec: { valuesContent },
});

const deployed = async (rig: Rig, path: string): Promise<string> =>
  (await rig.said('get', 'deployment', 'traefik', '--namespace=kube-system', '--output', `jsonpath=${path}`)).text;

const ARGUMENTS = '{.spec.template.spec.containers[0].args}';

/** Applies it, and waits until the Deployment has it, or long enough to say that it never will. */
async function hasCome(rig: Rig, given: Config, path: string, word: string, withinMs = WAITED_MS): Promise<boolean> {
  const ask = () => deployed(rig, path);
  await rig.until(
    'Traefik is there',
    90_000,
    () => deployed(rig, '{.status.readyReplicas}'),
    (text) => text === '1',
  );
  // Gone afterwards means: rolled back as well, so that the next question finds Traefik as it was.
  rig.defer(() => rig.until('Traefik is as it was', 60_000, ask, (text) => !text.includes(word)));
  await rig.apply(config(given));
  return await rig
    .until('it', withinMs, ask, (text) => text.includes(word))
    .then(
      () => true,
      () => false,
    );
}

/** A Helm job takes some 10 s, and several times that on a busy host. */
const WAITED_MS = 75_000;

const came = (has: boolean): string =>
  has ? 'the Deployment got it' : `not in the Deployment ${WAITED_MS / 1000} s later`;

export const chartConfig: readonly Claim[] = [
  clusterClaim({
    id: 'A05',
    sentence: 'Traefik is changed by applying a HelmChartConfig, without anything else being done.',
    stands: ['S0', 'HelmChartConfig'],
    predicted: ['true', 'the Helm job runs again'],
    setUp: 'charts',
    here: { is: 'a HelmChartConfig with an argument more', of: { values: MARKED } },
    twin: { is: 'one with no values', shows: 'control', of: { values: '' } },
    ask: async (rig: Rig, given: Config) => {
      const has = await hasCome(rig, given, ARGUMENTS, MARK);
      return seen(has, came(has));
    },
  }),
  clusterClaim({
    id: 'A18',
    sentence: 'What a HelmChartConfig says wins over k3s’ own values.',
    stands: ['ledger', 'helm-controller'],
    predicted: ['true with a limit', 'not over the HelmChart’s spec.set, as global.systemDefaultRegistry'],
    setUp: 'charts',
    here: {
      is: 'priorityClassName, of its valuesContent',
      of: [
        '{.spec.template.spec.priorityClassName}',
        { priorityClassName: 'system-node-critical' },
        'system-node-critical',
      ] as const,
    },
    twin: {
      is: 'global.systemDefaultRegistry, of its spec.set',
      shows: 'limit',
      of: [
        '{.spec.template.spec.containers[0].image}',
        { global: { systemDefaultRegistry: 'registry.example' } },
        'registry.example',
      ] as const,
    },
    ask: async (rig: Rig, [path, content, word]: readonly [string, Readonly<Record<string, unknown>>, string]) => {
      const has = await hasCome(rig, { values: values(content) }, path, word);
      return seen(has, came(has));
    },
  }),
  clusterClaim({
    id: 'A19',
    sentence: 'A release of Traefik that fails to apply is uninstalled: Traefik is gone meanwhile.',
    stands: ['ledger', 'klipper-helm, entry'],
    predicted: ['true', 'failurePolicy reinstall; 1.37 has retry'],
    setUp: 'charts',
    here: {
      is: 'values that the API refuses',
      of: values({ service: { spec: { externalTrafficPolicy: 'Foo' } } }),
    },
    twin: {
      is: 'values that the chart refuses before',
      shows: 'control',
      of: values({ ports: { web: { redirectTo: { port: 'websecure' } } } }),
    },
    ask: async (rig: Rig, content: string) => {
      await rig.until(
        'Traefik is there',
        90_000,
        () => deployed(rig, '{.status.readyReplicas}'),
        (text) => text === '1',
      );
      const uid = await deployed(rig, '{.metadata.uid}');
      // Gone afterwards means: back as well, so that the next question finds Traefik as it was.
      rig.defer(() =>
        rig.until(
          'Traefik is back',
          90_000,
          () => deployed(rig, '{.status.readyReplicas}'),
          (text) => text === '1',
        ),
      );
      await rig.apply(config({ values: content }));
      const ask = () => deployed(rig, '{.metadata.uid}');
      const now = await rig.until('it is gone', 60_000, ask, (text) => text !== uid).catch(ask);
      return seen(now !== uid, now === uid ? 'the same Deployment 60 s later' : `in its place: ${now.split('\n')[0]}`);
    },
  }),
  clusterClaim({
    id: 'A20',
    sentence: 'While servers are of two releases, Helm jobs may ask one that lacks their chart.',
    stands: ['ledger', 'helm-controller'],
    predicted: ['true', 'each serves the charts of its own binary; the job is tried again'],
    setUp: 'ha',
    here: { is: 'one of three servers without the chart, as one of another release is', of: true },
    twin: { is: 'all three with it', shows: 'control', of: false },
    ask: async (rig: Rig, isTaken: boolean) => {
      const path = 'jsonpath={.spec.chart}';
      const chart = await rig.kubectl('get', 'helmchart', 'traefik', '--namespace=kube-system', '--output', path);
      const file = `/var/lib/rancher/k3s/server/static/charts/${chart.split('/').at(-1)}`;
      const node = rig.node('server-1');
      if (isTaken) {
        rig.defer(() => node.exec(['mv', `${file}.away`, file]));
        await node.exec(['mv', file, `${file}.away`], { signal: rig.signal });
      }
      // As the job does: by the Service of the API, which is any of the servers.
      const url = chart.replace('%{KUBERNETES_API}%', '10.43.0.1:443');
      const curl = ['--insecure', '--head'];
      const statuses: string[] = [];
      for (let job = 0; job < 30; job++) statuses.push((await rig.asked(url, { from: rig.server.side, curl })).status);
      const missed = statuses.filter((status) => status === '404').length;
      return seen(
        missed > 0,
        `GET ${url}: ${missed} of ${statuses.length} times 404, else ${statuses.find((status) => status !== '404')}`,
      );
    },
  }),
  clusterClaim({
    id: 'A125',
    sentence: 'The HelmChartConfig must be called traefik; with another name nothing happens.',
    stands: ['S1', 'Traefik Ingress Controller'],
    predicted: ['true', 'by name and namespace of the HelmChart; anything else is passed over in silence'],
    setUp: 'charts',
    here: { is: 'a HelmChartConfig traefik-config in kube-system', of: 'traefik-config' },
    twin: { is: 'one called traefik', shows: 'control', of: 'traefik' },
    ask: async (rig: Rig, name: string) => {
      const has = await hasCome(rig, { name, values: MARKED }, ARGUMENTS, MARK);
      return seen(!has, came(has));
    },
  }),
  clusterClaim({
    id: 'A126',
    sentence: 'A HelmChartConfig whose values are no YAML changes nothing: the release stays.',
    stands: ['S0', 'HelmChartConfig'],
    predicted: ['true', 'the job fails before anything is applied'],
    setUp: 'charts',
    here: { is: 'values that are no YAML', of: `additionalArguments: [ "${MARK}"\n  - : {` },
    twin: { is: 'the same as YAML', shows: 'control', of: MARKED },
    ask: async (rig: Rig, content: string) => {
      const uid = await deployed(rig, '{.metadata.uid}');
      const has = await hasCome(rig, { values: content }, ARGUMENTS, MARK, 25_000);
      const isSame = (await deployed(rig, '{.metadata.uid}')) === uid;
      return seen(
        !has && isSame,
        `${has ? 'it came into' : 'it never came into'} the Deployment, ${isSame ? 'which is the same one' : 'which is another one now'}`,
      );
    },
  }),
];
