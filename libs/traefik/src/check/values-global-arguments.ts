/** Arguments that are no longer handed on. */
import { toChart, type Check } from '../check.ts';
import { valuesOption } from '../option.ts';

const PATH = ['globalArguments'];

export const valuesGlobalArguments: Check = {
  id: 'values-global-arguments',
  severity: 'changes',
  title: 'globalArguments is ignored',
  since: 'chart 36 (k3s v1.33.6)',
  isCrossed: toChart(36),
  sources: [
    'k3s-charts traefik-34.2.1+up34.2.0 templates/_podtemplate.tpl (.Values.globalArguments)',
    'k3s-charts traefik-37.1.1+up37.1.0 templates (not a word of it)',
    'k3s-charts traefik-37.1.1+up37.1.0 Changelog.md (v36.0.0)',
  ],
  kinds: ['HelmChartConfig'],
  explanation:
    'The chart passes over `globalArguments` without a word: whatever was set there is not in force after the upgrade. ' +
    '`additionalArguments` is the same list, and works in every chart.',
  row: 'A12-global-arguments',
  look: valuesOption(PATH, ({ tree, value }) =>
    Array.isArray(value) && value.length > 0
      ? {
          message: 'chart 36 and later ignore globalArguments: what it sets is no longer in force.',
          advice: 'Move its lines to additionalArguments: every chart hands them on.',
          edits: tree.get(['additionalArguments']) === undefined ? tree.rename(PATH, 'additionalArguments') : [],
        }
      : undefined,
  ),
};
