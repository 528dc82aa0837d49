/** Traefik's own port, by number. */
import { toChart, type Check, type Spot } from '../check.ts';
import { isRecord, type Manifest } from '../documents.ts';
import type { Path } from '../tree.ts';

export const port9000: Check = {
  id: 'port-9000',
  severity: 'breaks',
  title: 'Traefik listens on 8080 instead of 9000',
  since: 'chart 33 (k3s v1.32.2)',
  isCrossed: toChart(33),
  sources: [
    'k3s-charts traefik-27.0.201+up27.0.2 values.yaml (ports.traefik.port: 9000)',
    'k3s-charts traefik-34.2.1+up34.2.0 values.yaml (ports.traefik.port: 8080)',
  ],
  kinds: ['Service', 'NetworkPolicy'],
  explanation:
    'The entry point `traefik` (ping, dashboard, API) moves from port 9000 to 8080. What reaches it by number, a Service or ' +
    'a NetworkPolicy of your own, reaches nothing. The port of the container is named `traefik` before and after: by name ' +
    'both work. Probes from outside the cluster, port-forwards and firewalls are not in manifests: look for 9000 there too.',
  row: 'G26-port-9000',
  look: (manifest) => pathsOf(manifest).map((path) => spot(manifest, path)),
};

function spot({ tree }: Manifest, path: Path): Spot {
  return {
    tree,
    path,
    at: 'value',
    message: "Traefik's port 9000 is 8080 after the upgrade: nothing answers on 9000 any more.",
    advice: 'Name the port: traefik. The container calls it so before and after.',
    edits: tree.replaceString(path, 'traefik'),
  };
}

function pathsOf({ object, tree }: Manifest): readonly Path[] {
  if (object.kind === 'Service') {
    return isTraefik(tree.get(['spec', 'selector']))
      ? numbered(tree.get(['spec', 'ports']), 'targetPort', ['spec', 'ports'])
      : [];
  }
  const ingress = tree.get(['spec', 'ingress']);
  if (!isTraefik(tree.get(['spec', 'podSelector', 'matchLabels'])) || !Array.isArray(ingress)) return [];
  return ingress.flatMap((rule: unknown, index) =>
    isRecord(rule) ? numbered(rule['ports'], 'port', ['spec', 'ingress', index, 'ports']) : [],
  );
}

const isTraefik = (labels: unknown): boolean => isRecord(labels) && labels['app.kubernetes.io/name'] === 'traefik';

function numbered(ports: unknown, key: string, path: Path): readonly Path[] {
  if (!Array.isArray(ports)) return [];
  return ports.flatMap((port: unknown, index) => (isRecord(port) && port[key] === 9000 ? [[...path, index, key]] : []));
}
