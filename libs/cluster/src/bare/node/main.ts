/**
 * `faultline-node`, in a bare node's container.
 *
 *   faultline-node run              what the container runs
 *   faultline-node apply-pods       the pods of /etc/faultline/pods.json, and no others
 *   faultline-node reload-ingress   HAProxy with /etc/faultline/haproxy.cfg
 *   faultline-node status           what runs, as JSON
 */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { SOCKET, type Reply } from './config.ts';
import { runNode } from './node.ts';

const command = process.argv[2] ?? 'status';
if (command === 'run') await runNode();
else await ask(command);

async function ask(name: string): Promise<void> {
  const socket = connect(SOCKET);
  socket.write(name);
  const reply = JSON.parse(await text(socket)) as Reply;
  if (reply.ok) {
    console.log(JSON.stringify(reply.status));
  } else {
    console.error(reply.error);
    process.exitCode = 1;
  }
}
