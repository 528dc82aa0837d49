/** Values of Traefik's chart: rendered by the helm and from the chart that this very k3s ships. */
import { clusterClaim, seen, type Claim } from '../claim.ts';
import type { Rig } from '../rig.ts';
import { render, type Rendered } from './helm.ts';

const OTHERS = ['v1.32.1+k3s1', 'v1.35.1+k3s1'];

type Values = Readonly<Record<string, unknown>>;

const REDIRECTS = /--entry[pP]oints\.web\.http\.redirections\.entry[pP]oint\.to=/;

/** The question of most: rendered, and this is in it. */
const has =
  (pattern: RegExp) =>
  async (rig: Rig, values: Values): Promise<ReturnType<typeof seen>> => {
    const rendered = await render(rig, values);
    return seen(rendered.ok && pattern.test(rendered.text), said(rendered, pattern));
  };

function said({ ok, text, chart }: Rendered, pattern: RegExp): string {
  const lines = text.split('\n').map((line) => line.trim());
  if (!ok) return `${chart}: refused: ${lines.find((line) => /error/i.test(line)) ?? lines[0] ?? ''}`.slice(0, 400);
  const found = lines.find((line) => pattern.test(line));
  return `${chart}: rendered, ${found === undefined ? 'without it' : `with ${found}`}`;
}

const web = (port: Values): Values => ({ ports: { web: port } });
const redirections = { entryPoint: { to: 'websecure', scheme: 'https', permanent: true } };
const ACME = { le: { acme: { email: 'someone@example.com', storage: '/data/acme.json', tlsChallenge: true } } };
const OLD_ACME = { le: { email: 'someone@example.com', storage: '/data/acme.json', tlsChallenge: true } };
const INSECURE = '--serversTransport.insecureSkipVerify=true';

export const charts: readonly Claim[] = [
  clusterClaim({
    id: 'A06',
    sentence: 'ports.web.redirectTo.port: websecure sends http to https.',
    stands: ['S0', 'HelmChartConfig'],
    predicted: ['outdated', 'charts 25 to 27 knew it, 34 to 37 refuse it, 38 passes over it'],
    outdatedSince: 'chart 34 (k3s v1.32.2)',
    alsoOn: OTHERS,
    setUp: 'charts',
    here: { is: 'redirectTo', of: web({ redirectTo: { port: 'websecure' } }) },
    twin: { is: 'redirections.entryPoint', shows: 'control', of: web({ redirections }) },
    ask: has(REDIRECTS),
  }),
  clusterClaim({
    id: 'A07',
    sentence: 'ports.web.redirections.entryPoint sends http to https.',
    stands: ['ledger', 'Traefik’s chart, 34'],
    predicted: ['true with a limit', 'from chart 34 (k3s v1.32.2) on; chart 39 moved it below http'],
    alsoOn: OTHERS,
    setUp: 'charts',
    here: { is: 'redirections.entryPoint', of: web({ redirections }) },
    twin: { is: 'redirectTo', shows: 'control', of: web({ redirectTo: { port: 'websecure' } }) },
    ask: has(REDIRECTS),
  }),
  clusterClaim({
    id: 'A08',
    sentence: 'ingressRoute.dashboard.enabled: true turns the dashboard on.',
    stands: ['S0', 'HelmChartConfig'],
    predicted: ['true', 'in every generation'],
    alsoOn: OTHERS,
    setUp: 'charts',
    here: { is: 'true', of: { ingressRoute: { dashboard: { enabled: true } } } },
    twin: { is: 'false', shows: 'control', of: { ingressRoute: { dashboard: { enabled: false } } } },
    ask: has(/PathPrefix\(`\/dashboard`\)/),
  }),
  clusterClaim({
    id: 'A09',
    sentence: 'service.spec.externalTrafficPolicy: Local is a value of the chart.',
    stands: ['S0', 'HelmChartConfig'],
    predicted: ['true', 'in every generation'],
    alsoOn: OTHERS,
    setUp: 'charts',
    here: { is: 'with it', of: { service: { spec: { externalTrafficPolicy: 'Local' } } } },
    twin: { is: 'without', shows: 'control', of: {} },
    ask: has(/externalTrafficPolicy: Local/),
  }),
  clusterClaim({
    id: 'A10',
    sentence: 'logs.general.level sets Traefik’s log level.',
    stands: ['S0', 'HelmChartConfig'],
    predicted: ['true', 'until chart 40'],
    alsoOn: OTHERS,
    setUp: 'charts',
    here: { is: 'logs.general.level: DEBUG', of: { logs: { general: { level: 'DEBUG' } } } },
    twin: { is: 'log.level: DEBUG, as chart 41 has it', shows: 'control', of: { log: { level: 'DEBUG' } } },
    ask: has(/--log\.level=DEBUG/),
  }),
  clusterClaim({
    id: 'A11',
    sentence: 'ports.<name>.expose is true or false.',
    stands: ['ledger', 'Traefik’s chart, 27'],
    predicted: ['outdated', 'a map since chart 27'],
    outdatedSince: 'chart 27 (k3s v1.30.6, v1.31.2, v1.32.0)',
    alsoOn: OTHERS,
    setUp: 'charts',
    here: { is: 'metrics.expose: true', of: { ports: { metrics: { expose: true } } } },
    twin: {
      is: 'metrics.expose: { default: true }',
      shows: 'control',
      of: { ports: { metrics: { expose: { default: true } } } },
    },
    ask: has(/targetPort: "?metrics"?/),
  }),
  clusterClaim({
    id: 'A12',
    sentence: 'globalArguments are arguments of Traefik.',
    stands: ['ledger', 'Traefik’s chart, 36'],
    predicted: ['outdated', 'passed over from chart 36 on'],
    outdatedSince: 'chart 36 (k3s v1.33.6)',
    alsoOn: OTHERS,
    setUp: 'charts',
    here: { is: 'an argument in globalArguments', of: { globalArguments: [INSECURE] } },
    twin: { is: 'the same in a value that no chart has', shows: 'control', of: { moreArguments: [INSECURE] } },
    ask: has(/serversTransport\.insecureSkipVerify=true/),
  }),
  clusterClaim({
    id: 'A13',
    sentence: 'Traefik’s own entry point, with ping and dashboard, is port 9000.',
    stands: ['ledger', 'Traefik’s chart, 33'],
    predicted: ['outdated', '8080 since chart 33'],
    outdatedSince: 'chart 33 (k3s v1.32.2)',
    alsoOn: OTHERS,
    setUp: 'charts',
    here: { is: '9000', of: 9000 },
    twin: { is: '8080', shows: 'control', of: 8080 },
    ask: (rig: Rig, port: number) => has(new RegExp(`entry[pP]oints\\.traefik\\.address=:${port}`))(rig, {}),
  }),
  clusterClaim({
    id: 'A115b',
    sentence: 'image.tag: 2.11.x keeps Traefik v2.',
    stands: ['ledger', 'Traefik’s chart, 34'],
    predicted: ['outdated', 'charts from 34 on refuse it, and the old release goes on'],
    outdatedSince: 'chart 34 (k3s v1.32.2)',
    alsoOn: OTHERS,
    setUp: 'charts',
    here: { is: 'image.tag 2.11.18', of: '2.11.18' },
    twin: { is: 'image.tag 3.9.9', shows: 'control', of: '3.9.9' },
    ask: (rig: Rig, tag: string) => has(new RegExp(`image: .*:v?${tag}`))(rig, { image: { tag } }),
  }),
  clusterClaim({
    id: 'A14b',
    sentence: 'certResolvers in the values defines an ACME resolver.',
    stands: ['ledger', 'Traefik’s chart, 33'],
    predicted: ['outdated', 'certificatesResolvers since chart 33'],
    outdatedSince: 'chart 33 (k3s v1.32.2)',
    alsoOn: OTHERS,
    setUp: 'charts',
    here: { is: 'certResolvers', of: { certResolvers: OLD_ACME } },
    twin: { is: 'certificatesResolvers', shows: 'control', of: { certificatesResolvers: ACME } },
    ask: has(/certificates[rR]esolvers\.le\.acme/),
  }),
];
