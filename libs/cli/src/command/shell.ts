/** `faultline shell [cluster]`: a shell from which the cluster is at hand. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { attach } from '@faultline/cluster';
import { engine } from '@faultline/control';
import { memoryHistory } from '@faultline/history';
import { UsageError } from '../exit.ts';
import { theCluster } from '../kept.ts';
import { oneOf } from '../allowed.ts';
import { text, type Given } from '../options.ts';

export async function execute([name]: readonly string[], options: Given, signal: AbortSignal): Promise<number> {
  if (!process.stdin.isTTY)
    throw new UsageError('a shell needs a terminal. Next: export KUBECONFIG=.. as `faultline ls` prints it');
  const docker = await engine();
  const found = await theCluster(docker, name);
  const node = text(options['node']);
  if (node === undefined && found.kubeconfig)
    return interactive(process.env['SHELL'] ?? '/bin/sh', [], { KUBECONFIG: found.kubeconfig });
  await using cluster = await attach(docker, found.run, { history: memoryHistory(), signal });
  const known =
    node === undefined
      ? undefined
      : oneOf(
          'node',
          node,
          cluster.nodes.map((one) => one.name),
        );
  const container = cluster.nodes.find((one) => one.name === known)?.side.container ?? cluster.client.container;
  return await interactive('docker', ['exec', '-it', container, 'bash'], {});
}

/** Runs it in the user's terminal: it is the user who types, so nothing of ours comes between. */
async function interactive(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const child = spawn(file, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
