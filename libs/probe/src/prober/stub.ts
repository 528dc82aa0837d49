/**
 * The calibration's other side: an HTTP server whose host goes silent for known times.
 *
 *   node stub.ts <port> <client's address>
 *
 * Standard input: one line per silence, `<wait ms> <silent ms>`; its end ends the program, and with it the silence: the nft
 * table has an owner. Standard output, one line per silence: `{"begin":[before,after],"end":[before,after]}`, nanoseconds of
 * CLOCK_MONOTONIC before the kernel was told and after it had done so.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { now } from './schedule.ts';
import { takePrecedence } from './scheduling.ts';

const [port = '', client = ''] = process.argv.slice(2);

const TABLE = `add table inet faultline_calibration { flags owner; }
add chain inet faultline_calibration in { type filter hook prerouting priority -300; }`;
const SILENCE = `add rule inet faultline_calibration in ip saddr ${client} drop`;
const SPEAK = 'flush chain inet faultline_calibration in';
/** Its answer says that what was asked before is done: nft works off its input one line after the other. */
const ASK = 'list chain inet faultline_calibration in';

async function main(): Promise<void> {
  takePrecedence();
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'x-answered-by': 'stub' }).end('{"name":"stub"}');
  });
  await new Promise<void>((resolve) => server.listen(Number(port), resolve));
  const nft = spawn('nft', ['--interactive'], { stdio: ['pipe', 'pipe', 'inherit'] });
  nft.once('exit', (code) => process.exit(code ?? 1));
  const answers = createInterface({ input: nft.stdout });
  const tell = async (command: string) => {
    const before = now();
    nft.stdin.write(`${command}\n${ASK}\n`);
    await endOfAnswer(answers);
    return [before, now()];
  };
  await tell(TABLE);
  process.stdout.write('{"ready":true}\n');
  for await (const line of createInterface({ input: process.stdin })) {
    const [wait = 0, silent = 0] = line.split(' ').map(Number);
    await pause(wait);
    const begin = await tell(SILENCE);
    await pause(silent);
    const end = await tell(SPEAK);
    process.stdout.write(`${JSON.stringify({ begin, end })}\n`);
  }
  nft.kill();
  process.exit(0);
}

/** `list` ends with a brace in the first column. */
function endOfAnswer(answers: Interface): Promise<void> {
  return new Promise((resolve) => {
    const read = (line: string) => {
      if (line !== '}') return;
      answers.off('line', read);
      resolve();
    };
    answers.on('line', read);
  });
}

await main();
