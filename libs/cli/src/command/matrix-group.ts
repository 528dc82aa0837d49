/** `faultline matrix group <file>`: one group of a night, for `matrix run`, which starts it and listens. Nobody types it. */
import { readFile } from 'node:fs/promises';
import { engine } from '@faultline/control';
import type { Assignment } from '@faultline/matrix';
import { EXIT, UsageError } from '../exit.ts';
import { runGroup } from '../matrix/group.ts';

export async function execute([file]: readonly string[], _: unknown, signal: AbortSignal): Promise<number> {
  if (file === undefined) throw new UsageError('which group? Next: faultline matrix run, which starts it');
  const assignment = JSON.parse(await readFile(file, 'utf8')) as Assignment;
  const ended = new AbortController();
  // Whoever started it is gone when its input ends: heal and tear down, and do not die of what nobody reads any more.
  const onEnd = (): void => ended.abort(new Error('the night that started this group has ended'));
  process.stdin.resume().on('end', onEnd).on('close', onEnd);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const either = AbortSignal.any([signal, ended.signal]);
  const say = (report: object): void => void process.stdout.write(`${JSON.stringify(report)}\n`);
  await runGroup(assignment, { docker: await engine(), signal: either, say });
  process.stdin.destroy();
  return either.aborted ? EXIT.interrupted : 0;
}
