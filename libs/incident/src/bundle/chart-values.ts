/** The values of a HelmChartConfig, which are YAML in YAML. Pure. */
import { parse } from 'yaml';
import type { KubeObject } from '@faultline/traefik';
import { isTable } from '../collect/keep.ts';

/** None where there are none, or where they are no table. */
export function chartValuesIn({ spec }: KubeObject): Readonly<Record<string, unknown>> {
  const content = spec?.['valuesContent'];
  const values: unknown = typeof content === 'string' ? parse(content) : {};
  return isTable(values) ? values : {};
}
