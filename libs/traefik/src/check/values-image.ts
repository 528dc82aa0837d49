/** A Traefik 2 that is held on to. */
import { toChart, type Check } from '../check.ts';
import { isRecord } from '../documents.ts';
import { valuesOption } from '../option.ts';

const PATH = ['image', 'tag'];

export const valuesImage: Check = {
  id: 'values-image',
  severity: 'breaks',
  title: 'image.tag of Traefik 2 is refused',
  since: 'chart 34 (k3s v1.32.2)',
  isCrossed: toChart(34),
  sources: ['k3s-charts traefik-34.2.1+up34.2.0 templates/requirements.yaml (only supports Traefik Proxy v3)'],
  kinds: ['HelmChartConfig'],
  explanation:
    'Charts 34 and later refuse to deploy Traefik 2: "This version of the Chart only supports Traefik Proxy v3". The job ' +
    '`helm-install-traefik` fails again and again; the old pod goes on serving, with no way of changing its values.',
  row: 'A115b-image-pinned',
  look: valuesOption(PATH, ({ tree, value }) =>
    /^v?[12](\.|$)/.test(String(value))
      ? {
          message: `chart 34 and later refuse to deploy Traefik ${String(value)}: the job helm-install-traefik fails.`,
          advice: 'Remove it: k3s brings the image that goes with its chart.',
          edits: tree.remove(isAlone(tree.get(['image'])) ? ['image'] : PATH),
        }
      : undefined,
  ),
};

const isAlone = (image: unknown): boolean => isRecord(image) && Object.keys(image).length === 1;
