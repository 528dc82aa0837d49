/** A case that was shrunk, as a file that is run like any other scenario. */
import type { Scenario } from '@faultline/scenario/plan';

/** Its own name: that of the whole one is taken. */
export const smallestName = (name: string): string => `${name.replace(/-smallest$/, '')}-smallest`;

/** Text of `<name>.scenario.ts`. JSON is TypeScript; a formatter makes it pretty. */
export function sourceOf(scenario: Scenario, from: string): string {
  const named = { ...scenario, name: smallestName(scenario.name) };
  return [
    `/** What is left of ${scenario.name} that still fails as it did: ${from}. */`,
    "import { defineScenario } from '@faultline/scenario/plan';",
    '',
    `export default defineScenario(${JSON.stringify(named, null, 2)});`,
    '',
  ].join('\n');
}
