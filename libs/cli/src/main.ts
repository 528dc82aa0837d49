/**
 * The `faultline` command: parses, calls one file of ./command, and turns what it says into an exit code.
 */
import { CommanderError } from 'commander';
import { EXIT, SkippedError } from './exit.ts';
import { program, root } from './program.ts';
import { isUnreadable, isUsage } from './refusal.ts';

let interrupts = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    interrupts++;
    if (interrupts === 1)
      console.error(
        `\n${signal}: healing and tearing down; the run is kept. Once more to leave at once (then: faultline doctor --heal)`,
      );
    if (interrupts > 1) process.exit(EXIT.interrupted);
    root.abort(new Error(`interrupted by ${signal}`));
  });
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  // Commander has already printed its own message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  const message = error instanceof Error ? error.message : String(error);
  const isSkip = error instanceof SkippedError || nameOf(error) === 'ImagesMissingError';
  console.error(`faultline: ${isSkip ? 'skipped: ' : ''}${message}`);
  if (isDiskFull(message))
    console.error('The disk is full. Next: free some; docker system df shows what the engine takes');
  if (root.signal.aborted) return EXIT.interrupted;
  if (isSkip) return EXIT.skipped;
  if (isUnreadable(error)) return EXIT.unreadable;
  return isUsage(error) ? EXIT.usage : EXIT.fail;
}

/** By name, so that the libs with effects are not loaded to compare. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** Node says ENOSPC, the engine the rest. */
function isDiskFull(message: string): boolean {
  return /ENOSPC|no space left on device/.test(message);
}
