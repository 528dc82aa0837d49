/** What a bare node's container runs: `faultline-node run`. */
import { runNode } from './node.ts';

await runNode();
