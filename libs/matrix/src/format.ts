/** A night's plan as an engine for many machines reads it, and as a person does. */
import { shareOf, type NightPlan, type Row } from './plan-night.ts';
import { durationOf, fitting, rowsOf, shardOf, type Fitted } from './share.ts';

const MINUTE = 60_000;
/** Where the jobs of GitLab's shards are written. */
export const GITLAB_JOBS = 'docs/ci/gitlab/shard.yml';

interface ShardLayout extends Fitted {
  readonly shard: string;
  readonly rows: number;
  readonly minutes: number;
}

/** Of every shard that has something to do. The first one tells the skips, and is there in any case. */
function layouts(plan: NightPlan, shards: number, budgetMs = Infinity): readonly ShardLayout[] {
  return Array.from({ length: shards }, (_, at) => {
    const fitted = fitting(plan, shardOf(plan, { index: at + 1, of: shards }), budgetMs);
    const rows = fitted.groups.reduce((sum, group) => sum + group.rows.length, 0);
    return { ...fitted, shard: `${at + 1}/${shards}`, rows, minutes: Math.ceil(fitted.estimateMs / MINUTE) };
  }).filter(({ groups, left }, at) => at === 0 || groups.length + left.length > 0);
}

/** For `strategy.matrix: fromJSON(..)` of GitHub Actions. */
export function githubMatrix(plan: NightPlan, shards: number, budgetMs?: number): object {
  return {
    include: layouts(plan, shards, budgetMs).map(({ shard, rows, minutes }) => ({
      shard,
      name: shard.replace('/', '-of-'),
      rows,
      minutes,
    })),
  };
}

/** A child pipeline of GitLab: JSON is YAML. */
export function gitlabPipeline(plan: NightPlan, shards: number, budgetMs?: number): object {
  const jobs = layouts(plan, shards, budgetMs).map(({ shard }) => ({
    name: `shard ${shard.replace('/', ' of ')}`,
    shard,
  }));
  return {
    include: [{ local: GITLAB_JOBS }],
    ...Object.fromEntries(
      jobs.map(({ name, shard }) => [
        name,
        { extends: '.shard', variables: { SHARD: shard, NAME: shard.replace('/', '-of-') } },
      ]),
    ),
    merge: { extends: '.merge', needs: jobs.map(({ name }) => ({ job: name, artifacts: true })) },
  };
}

export function nightText(
  plan: NightPlan,
  options: { readonly shards: number; readonly budgetMs: number | undefined },
): string {
  const { shards, budgetMs } = options;
  const parts = layouts(plan, shards, budgetMs);
  const skips = plan.rows.filter(({ lacks }) => lacks.length > 0);
  const left = parts.flatMap((part) => part.left);
  const run = parts.flatMap(({ groups }) => groups.flatMap((group) => rowsOf(plan, group)));
  const unit = plan.strength === 2 ? 'pairs' : 'triples';
  return [
    `${plan.cells} valid cells have ${plan.combinations} ${unit}: ${plan.rows.length} rows hold them all, seed ${plan.seed}`,
    ...Object.entries(plan.values).map(([factor, values]) => `  ${factor.padEnd(14)} ${said(values)}`),
    ...plan.untested.map(({ factor, value, reason }) => `  without        ${factor} ${value}: ${reason}`),
    ...parts.flatMap((part) => shardText(plan, part, shards)),
    ...(skips.length > 0 ? ['', `skipped (${skips.length})`, ...skips.map(skipText)] : []),
    ...(left.length > 0 ? ['', `no time for (${left.length})`, ...left.map(({ id }) => `  ${id}`)] : []),
    '',
    `${run.length} rows are run, ${percent(shareOf(plan, run))} of the ${unit}. Next: faultline matrix run --seed ${plan.seed}`,
  ].join('\n');
}

const said = (values: readonly string[]): string =>
  values.length > 8 ? `${values.length} of them, ${values.slice(0, 3).join(', ')}, ...` : values.join(', ');

const skipText = ({ id, lacks }: Row): string => `  ${id}: ${lacks.map(({ capability }) => capability).join(', ')}`;

function shardText(plan: NightPlan, { shard, groups, minutes, rows }: ShardLayout, shards: number): readonly string[] {
  const name = shards === 1 ? 'one machine' : `shard ${shard}`;
  return [
    '',
    `${name}: ${rows} rows on ${groups.length} clusters, about ${minutes} min`,
    ...groups.flatMap((group) => {
      const own = rowsOf(plan, group);
      return [
        `  ${group.name}, about ${Math.ceil(durationOf(own) / MINUTE)} min`,
        ...own.map(({ id, must }) => `    ${id}${must === null ? '' : `  (${must})`}`),
      ];
    }),
  ];
}

/** Rounded down: only all is 100 %. */
export const percent = (share: number): string => `${Math.floor(share * 1000) / 10} %`;
