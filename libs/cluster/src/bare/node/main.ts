/** What the container of a bare node or a balancer runs: `faultline-node run`. */
import { runNode } from './node.ts';

await runNode();
