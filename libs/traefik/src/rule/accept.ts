/** Does a rule accept a request? */
import { compileHttp, compileTcp } from './compile.ts';
import type { Connection, HttpRequest } from './request.ts';
import type { Generation } from './tree.ts';

/**
 * Whether the rule accepts the request, or the connection, in this generation.
 * @throws RuleError where the generation refuses the rule, UnevaluableError where JavaScript cannot run its expression
 */
export function accepts(rule: string, generation: Generation, asked: HttpRequest | Connection): boolean {
  return 'serverName' in asked ? compileTcp(rule, generation)(asked) : compileHttp(rule, generation)(asked);
}
