/** One kill of a whole run, wherever it is: booting, deploying, measuring, tearing down. What the engine still has of it is left. */
import { elapse, LABEL } from '@faultline/control';
import { FAULTLINE, startHarness } from './harness.ts';
import type { Kill } from './draw.ts';
import type { Foreign } from './foreign.ts';
import type { Result } from './tally.ts';
import { $ } from 'zx';

const quietly = $({ nothrow: true, quiet: true });
const lines = (text: string) => text.split('\n').filter(Boolean);

export async function killRunning(kill: Kill, foreign: Foreign, signal: AbortSignal): Promise<Result> {
  const harness = startHarness(['run', 'block-vxlan', '--substrate', 'bare', '--seed', String(kill.number)]);
  await Promise.race([elapse(kill.ms, signal), harness.ended]);
  const faulty = await tablesOf(harness.pid);
  await harness.kill();
  const doctor = await quietly`${process.execPath} ${FAULTLINE} doctor --heal`;
  const left = await objectsOf(harness.pid);
  return {
    number: kill.number,
    how: 'run',
    kind: 'block-port',
    on: 'a cluster of its own',
    parameters: {},
    killedAfter: `start + ${kill.ms} ms`,
    inForce: faulty,
    undoneBy: 'kernel',
    restoredMs: null,
    undoneMs: null,
    left: doctor.exitCode === 0 ? left : [...left, ...lines(`${doctor.stdout}${doctor.stderr}`)],
    foreignMissing: await foreign.missing(),
  };
}

const ownerIs = (pid: number) => (line: string) => line.startsWith(`${pid}:`);
const format = (name: string) => `{{.Label "${LABEL.owner}"}} {{.${name}}}`;

/** What the engine has of a harness' making. */
async function objectsOf(pid: number): Promise<string[]> {
  const label = `label=${LABEL.run}`;
  const listed = await Promise.all([
    quietly`docker ps -a --filter ${label} --format ${format('Names')}`,
    quietly`docker network ls --filter ${label} --format ${format('Name')}`,
    quietly`docker volume ls --filter ${label} --format ${format('Name')}`,
  ]);
  return listed.flatMap(({ stdout }) => lines(stdout)).filter(ownerIs(pid));
}

/** Whether any side-car of the harness holds a table of ours. */
async function tablesOf(pid: number): Promise<boolean> {
  const { stdout } = await quietly`docker ps --filter ${`label=${LABEL.role}=side-car`} --format ${format('ID')}`;
  const ids = lines(stdout)
    .filter(ownerIs(pid))
    .map((line) => line.split(' ')[1] ?? '');
  const tables = await Promise.all(ids.map((id) => quietly`docker exec ${id} nft list tables`));
  return tables.some((output) => output.stdout.includes('faultline_'));
}
