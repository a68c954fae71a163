import type { PythonExpression, PythonStatement } from '../../../parse/python-tree.ts';
import { type StatementContext, walkExpressions, walkStatements } from '../../../parse/python-walk.ts';
import type { SourceText } from '../../../text/source-text.ts';
import { unknown, type Value } from '../../value.ts';
import type { PythonProgram } from '../python-program.ts';
import { asNumber } from '../python-value.ts';
import { localFrame } from './local-frame.ts';

/**
 * The threads of AnyIO's default limiter, where the code sets them: by its `total_tokens`, or by a limiter put in its
 * place. Unknown where it sets them twice or on a condition, undefined where it leaves them.
 */
export function findThreadLimit(program: PythonProgram, sources: readonly SourceText[]): Value<number> | undefined {
  const found = sources
    .filter(({ text }) => /\.total_tokens\s*=(?!=)|_default_thread_limiter["']/.test(text))
    .flatMap((source) => limitsIn(source, program));
  const [first, second] = found;
  if (first && second) return unknown('the number of threads is set in several places', first.at);
  return first;
}

function limitsIn(source: SourceText, program: PythonProgram): readonly Value<number>[] {
  const found: Value<number>[] = [];
  walkStatements(program.parse(source).body, (statement, context) => {
    const written = writtenLimit(statement);
    if (!written) return;
    const at = { source, span: written.span };
    const isCertain = !context.conditional && isDefaultLimiter(statement, { source, context });
    const value = isCertain
      ? asNumber(program.runtime.evaluate(written, localFrame({ source, ...context }, program)))
      : undefined;
    const isCount = value?.known !== true || (Number.isInteger(value.value) && value.value > 0);
    found.push(value && isCount ? value : unknown('the number of threads that the code sets is not known', at));
  });
  return found;
}

/** The number in `limiter.total_tokens = 100` and in `RunVar("_default_thread_limiter").set(CapacityLimiter(100))`. */
function writtenLimit(statement: PythonStatement): PythonExpression | undefined {
  if (statement.kind === 'assign') {
    const isTokens = statement.targets.some((target) => target.kind === 'attribute' && target.name === 'total_tokens');
    return isTokens ? statement.value : undefined;
  }
  let limit: PythonExpression | undefined;
  walkExpressions(statement, (expression) => {
    if (expression.kind !== 'call' || expression.callee.kind !== 'attribute' || expression.callee.name !== 'set')
      return;
    const variable = expression.callee.object;
    const name = variable.kind === 'call' ? variable.arguments[0]?.value : undefined;
    const given = expression.arguments[0]?.value;
    if (name?.kind !== 'string' || name.text !== '_default_thread_limiter') return;
    limit = given?.kind === 'call' ? given.arguments[0]?.value : given;
  });
  return limit;
}

function isDefaultLimiter(
  statement: PythonStatement,
  where: { readonly source: SourceText; readonly context: StatementContext },
): boolean {
  if (statement.kind !== 'assign' || statement.operator !== undefined) return statement.kind !== 'assign';
  const { text } = where.source;
  const owner = where.context.function?.span ?? { start: 0, end: text.length };
  return /\bcurrent_default_thread_limiter\s*\(/.test(text.slice(owner.start, owner.end));
}
