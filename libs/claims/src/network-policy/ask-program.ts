/**
 * The program that asks from inside a pod's network namespace: each line that it reads is a list of targets, and each line
 * that it writes says of each whether it answered. It runs in the side-car, which has Node and none of our files.
 *
 * Every question has a socket of its own, so that no connection that conntrack already knows lets it through.
 */

/** One target; the place in the list is the place in the answer. */
export interface Target {
  readonly protocol: 'TCP' | 'UDP';
  readonly address: string;
  readonly port: number;
}

/** How long nothing may come before it is taken for shut, milliseconds. Same host: an answer takes less than 10. */
export const SILENT_MS = 300;

/** Its one argument: how long nothing may come, milliseconds. */
export const ASK_PROGRAM: string = `
const net = require('node:net'), dgram = require('node:dgram'), readline = require('node:readline');
const within = Number(process.argv[1]);
const tcp = ({ address, port }) => new Promise((resolve) => {
  const socket = net.connect({ host: address, port });
  const end = (is) => { clearTimeout(timer); socket.destroy(); resolve(is); };
  const timer = setTimeout(end, within, false);
  socket.once('connect', () => end(true)).once('error', () => end(false));
});
const udp = ({ address, port }) => new Promise((resolve) => {
  const socket = dgram.createSocket('udp4');
  let left = 3;
  const again = () => left-- > 0 ? socket.send('faultline', port, address, () => {}) : end(false);
  const end = (is) => { clearInterval(timer); socket.close(); resolve(is); };
  const timer = setInterval(again, within / 3);
  socket.once('message', () => end(true)).on('error', () => {});
  again();
});
readline.createInterface({ input: process.stdin }).on('line', async (line) => {
  const told = await Promise.all(JSON.parse(line).map((one) => one.protocol === 'TCP' ? tcp(one) : udp(one)));
  process.stdout.write(JSON.stringify(told) + '\\n');
}).on('close', () => process.exit(0));`;
