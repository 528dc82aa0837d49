/** An errand: a container of the run that does one thing and ends. */
import type { Engine } from '@faultline/control';
import { createContainer, type ContainerSpec } from '../container.ts';
import { lastWords } from './death.ts';

export interface ErrandOptions {
  readonly engine: Engine;
  readonly signal: AbortSignal;
  /** Before it starts: to put files in. */
  readonly prepare?: (container: string) => Promise<void>;
}

/** Runs it to its end, and removes it whatever that is. @throws Error with its last words, where it failed. */
export async function runErrand(spec: ContainerSpec, { engine, signal, prepare }: ErrandOptions): Promise<void> {
  await using container = await createContainer(engine, spec, { signal });
  await prepare?.(container.id);
  await container.start();
  const handle = engine.getContainer(container.id);
  const { StatusCode } = (await handle.wait({ abortSignal: signal })) as { StatusCode: number };
  if (StatusCode === 0) return;
  const words = lastWords(await handle.logs({ stdout: true, stderr: true, tail: 200 }));
  throw new Error(
    `${spec.name} ended with exit code ${StatusCode}. Its last words:\n${words.map((line) => `  ${line}`).join('\n')}`,
  );
}
