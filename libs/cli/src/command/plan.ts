/**
 * `faultline plan <scenario>`: the concrete plan, as JSON.
 *
 * No Docker: where the substrate is left to the host, the scenario's first is taken.
 */
import { chooseCell, planRun } from '@faultline/scenario/plan';
import { cniOf, seedOf, text, wantedFactors, type Given } from '../options.ts';
import { ownImageNames } from '../own-images.ts';
import { wishOf } from '../substrate.ts';
import { scenarioNamed } from '../workspace.ts';

export async function execute([name = '']: readonly string[], options: Given): Promise<number> {
  const scenario = await scenarioNamed(name);
  const { substrate, k3s } = wishOf(options);
  const cell = chooseCell(scenario, { ...wantedFactors(options), ...(substrate !== 'auto' && { substrate }) });
  const { tools, userlist } = await ownImageNames();
  const plan = planRun(scenario, {
    cell,
    seed: seedOf(options),
    tools,
    app: text(options['app']) ?? userlist,
    k3s,
    cni: cniOf(options),
    subnet: text(options['subnet']),
  });
  console.log(JSON.stringify(plan, null, 2));
  return 0;
}
