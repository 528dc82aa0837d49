/** Objects that are deleted by the upgrade, with the kind they are of. */
import { toChart, type Check } from '../check.ts';
import { groupOf } from '../kind.ts';

const PATH = ['apiVersion'];

export const apiGroup: Check = {
  id: 'api-group',
  severity: 'breaks',
  title: 'objects of traefik.containo.us are deleted',
  since: 'chart 34 (k3s v1.32.2)',
  isCrossed: toChart(34),
  sources: [
    'k3s-charts traefik-crd-27.0.201+up27.0.2 templates/traefik.containo.us_*.yaml',
    'k3s-charts traefik-crd-34.2.1+up34.2.0 templates (no such file)',
    'traefik v3.3.6 pkg/provider/kubernetes/crd/client.go (only traefik.io is watched)',
  ],
  kinds: [
    'IngressRoute',
    'IngressRouteTCP',
    'IngressRouteUDP',
    'Middleware',
    'MiddlewareTCP',
    'ServersTransport',
    'TLSOption',
    'TLSStore',
    'TraefikService',
  ],
  explanation:
    'The chart with the CRDs no longer holds those of `traefik.containo.us`: Helm deletes them, and Kubernetes deletes ' +
    'every object of theirs with them. It is a release of its own, so this happens even where the upgrade of Traefik itself ' +
    'is refused. Traefik 2.10 and later knows both groups: apply the objects as `traefik.io/v1alpha1` before the upgrade.',
  row: 'G19-api-group',
  look: ({ apiVersion, tree }) =>
    groupOf(apiVersion) === 'traefik.containo.us'
      ? [
          {
            tree,
            path: PATH,
            at: 'value',
            message: 'the CRDs of traefik.containo.us are deleted by the upgrade, and this object with them.',
            advice: 'Write traefik.io/v1alpha1, and apply it before the upgrade: Traefik 2.10 and later knows both.',
            edits: tree.replaceString(PATH, 'traefik.io/v1alpha1'),
          },
        ]
      : [],
};
