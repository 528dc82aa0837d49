/** `faultline matrix merge <folders...>`: the shards of one night become one night. */
import { join, resolve } from 'node:path';
import { systemClock } from '@faultline/history';
import { mergeNights, readNightPlan } from '@faultline/matrix';
import { timeName } from '../folder.ts';
import { tellNight } from '../matrix/tell.ts';
import { text, type Given } from '../options.ts';
import { RUNS } from '../workspace.ts';

export async function execute(folders: readonly string[], options: Given): Promise<number> {
  const out = resolve(text(options['out']) ?? join(RUNS, 'matrix', timeName(systemClock.wall())));
  await mergeNights(
    folders.map((folder) => resolve(folder)),
    out,
  );
  return tellNight(out, await readNightPlan(out), options);
}
