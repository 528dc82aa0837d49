/** A bare node or a balancer: sets its network up, and keeps keepalived, HAProxy and the pods running. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { FILES, SOCKET, type NodeConfig, type NodeStatus } from './config.ts';
import { Pods } from './pods.ts';
import { keepRunning, run, type Kept } from './process.ts';

/**
 * Pods and ingress come before keepalived: a node that returns takes the address back, and must have something to answer
 * with when it does.
 */
export async function runNode(): Promise<void> {
  const config = JSON.parse(readFileSync(FILES.node, 'utf8')) as NodeConfig;
  for (const command of config.setup) await run(command);
  const pods = config.pods ? new Pods(config.pods) : undefined;
  await pods?.apply();
  const ingress = new Ingress();
  await ingress.reload();
  const keepalived = keepRunning([
    'keepalived',
    '--dont-fork',
    '--log-console',
    '--vrrp',
    `--use-file=${FILES.keepalived}`,
  ]);
  const status = (): NodeStatus => ({
    keepalived: keepalived.running,
    ingress: ingress.running,
    pods: pods?.status() ?? {},
  });
  listen(
    {
      ...(pods && { 'apply-pods': () => pods.apply() }),
      'reload-ingress': () => ingress.reload(),
      status: async () => {},
    },
    status,
  );
  // As a machine that shuts down: its keepalived tells the others, and they need not find out.
  process.once('SIGTERM', () => void keepalived.stop().then(() => process.exit(0)));
}

class Ingress {
  #haproxy: Kept | undefined;

  get running(): boolean | null {
    return this.#haproxy?.running ?? null;
  }

  async reload(): Promise<void> {
    if (!existsSync(FILES.ingress)) return;
    await run(['haproxy', '-c', '-q', '-f', FILES.ingress]);
    // SIGUSR2 has the master start new workers, which take over the listening sockets: no connection is refused.
    if (this.#haproxy?.running) this.#haproxy.signal('SIGUSR2');
    else this.#haproxy = keepRunning(['haproxy', '-W', '-db', '-f', FILES.ingress]);
  }
}

/** Commands come one after the other, each on a connection of its own: its name, answered by `ok <status>` or `error <why>`. */
function listen(commands: Readonly<Record<string, () => Promise<void>>>, status: () => NodeStatus): Server {
  let last: Promise<unknown> = Promise.resolve();
  const answer = async (name: string): Promise<string> => {
    const command = commands[name];
    if (!command) return `error unknown command ${name}. Allowed: ${Object.keys(commands).join(', ')}`;
    try {
      await command();
      return `ok ${JSON.stringify(status())}`;
    } catch (error) {
      return `error ${error instanceof Error ? error.message : String(error)}`;
    }
  };
  // Half open: who asks closes its side when the question is out.
  return createServer({ allowHalfOpen: true }, (socket: Socket) => {
    socket.once('error', () => socket.destroy());
    socket.once('data', (data) => {
      const turn = last.then(() => answer(data.toString('utf8').trim()));
      last = turn;
      void turn.then((reply) => socket.end(reply));
    });
  }).listen(SOCKET);
}
