/** `faultline matrix plan`: which rows a night has, and on which machine each is run (no Docker needed). */
import { githubMatrix, gitlabPipeline, nightText } from '@faultline/matrix/plan';
import { oneOf, wholeNumber } from '../allowed.ts';
import { budgetOption, MOST_SHARDS, nightOf } from '../matrix/intent.ts';
import { text, type Given } from '../options.ts';

export async function execute(_: readonly string[], options: Given): Promise<number> {
  const wanted = options['json'] ? 'json' : (text(options['format']) ?? 'text');
  const format = oneOf('format', wanted, ['text', 'json', 'github', 'gitlab']);
  const shards = wholeNumber('--shards', text(options['shards']) ?? '1', { min: 1, max: MOST_SHARDS });
  const budgetMs = budgetOption(options);
  const night = await nightOf(options);
  if (format === 'json') console.log(JSON.stringify(night, null, 2));
  else if (format === 'github') console.log(JSON.stringify(githubMatrix(night, shards, budgetMs)));
  else if (format === 'gitlab') console.log(JSON.stringify(gitlabPipeline(night, shards, budgetMs), null, 2));
  else console.log(nightText(night, { shards, budgetMs }));
  return 0;
}
