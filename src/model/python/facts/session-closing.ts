import type { PythonCall, PythonExpression, PythonStatement } from '../../../parse/python-tree.ts';
import { type StatementContext, walkExpressions, walkStatements } from '../../../parse/python-walk.ts';
import type { Span } from '../../../text/span.ts';
import type { SessionUse } from '../../code-facts.ts';
import type { SessionOwner } from './sessions.ts';

type Closing = Pick<SessionUse, 'closed' | 'closeAt' | 'body' | 'returnsBetween'>;

/** How a function closes what it opened: judged by where `close()` stands and by where the variable goes. */
export function readClosing(session: SessionOwner): Closing {
  const trace = traceVariable(session);
  const { source, statement } = session;
  const plain = trace.closes.filter((close) => close.place === 'plain');
  const last = plain.at(-1);
  const end = last?.statement.span.start ?? trace.lastUse;
  const body = end > statement.span.end ? { source, span: { start: statement.span.end, end } } : undefined;
  const limit = last?.statement.span.start ?? Number.POSITIVE_INFINITY;
  return {
    closed: judge(trace, { last, session }),
    closeAt: last && { source, span: last.call.span },
    body,
    returnsBetween: trace.returns.some((at) => at > statement.span.end && at < limit),
  };
}

interface Close {
  readonly call: PythonCall;
  readonly statement: PythonStatement;
  /** In a finally block, in an except handler, or anywhere else. */
  readonly place: 'finally' | 'handler' | 'plain';
  readonly ancestors: readonly PythonStatement[];
}

interface Trace {
  readonly closes: Close[];
  /** Managed by `with x:`, `closing(x)`, or by handing `x.close` to a callback. */
  managed: boolean;
  /** Returned or stored: others may close it. */
  leaves: boolean;
  /** Handed out by `yield`: closed behind it, or by others. */
  yielded: boolean;
  /** Given to a call as it is. */
  passed: boolean;
  lastUse: number;
  readonly returns: number[];
}

function judge(trace: Trace, found: { last: Close | undefined; session: SessionOwner }): SessionUse['closed'] {
  if (trace.managed || trace.closes.some((close) => close.place === 'finally')) return 'always';
  const { last, session } = found;
  // What is thrown into a generator at its `yield` skips the closing behind it.
  if (trace.leaves || (trace.yielded && !last)) return 'unclear';
  if (!last) return trace.passed || trace.closes.length > 0 ? 'unclear' : 'never';
  if (trace.closes.some((close) => close.place === 'handler')) return 'unclear';
  return swallowsFailures(last, session) ? 'unclear' : 'success-path-only';
}

function traceVariable(session: SessionOwner): Trace {
  const { owner, statement: opening, variable, source } = session;
  const trace: Trace = {
    closes: [],
    managed: false,
    leaves: false,
    yielded: false,
    passed: false,
    lastUse: 0,
    returns: [],
  };
  walkStatements(owner.body, (statement, context) => {
    if (statement === opening || statement.span.end <= opening.span.start) return;
    if (statement.kind === 'return' && statement.span.start > opening.span.end)
      trace.returns.push(statement.span.start);
    traceStatement(statement, { variable, trace });
    walkExpressions(statement, (expression) => {
      traceExpression(expression, { statement, context, trace, variable, text: source.text });
    });
  });
  return trace;
}

function traceStatement(statement: PythonStatement, how: { variable: string; trace: Trace }): void {
  const { variable, trace } = how;
  const isIt = (expression: PythonExpression | undefined): boolean =>
    expression?.kind === 'name' && expression.name === variable;
  const holdsIt = (expression: PythonExpression | undefined): boolean =>
    isIt(expression) ||
    (expression?.kind === 'list' && expression.items.some(isIt)) ||
    (expression?.kind === 'dict' && expression.entries.some((entry) => isIt(entry.value)));
  if (statement.kind === 'return' && holdsIt(statement.value)) trace.leaves = true;
  if (statement.kind === 'assign' && holdsIt(statement.value)) trace.leaves = true;
  if (statement.kind === 'with' && statement.items.some((item) => isIt(item.value))) trace.managed = true;
}

function traceExpression(
  expression: PythonExpression,
  where: { statement: PythonStatement; context: StatementContext; trace: Trace; variable: string; text: string },
): void {
  const { trace, variable, text } = where;
  const isIt = (candidate: PythonExpression): boolean => candidate.kind === 'name' && candidate.name === variable;
  if (isIt(expression)) trace.lastUse = Math.max(trace.lastUse, where.statement.span.end);
  if (expression.kind === 'other' && expression.parts?.some(isIt)) {
    if (/^\(?yield\b/.test(text.slice(expression.span.start, expression.span.end))) trace.yielded = true;
  }
  if (expression.kind !== 'call') return;
  const { callee } = expression;
  const name = callee.kind === 'name' || callee.kind === 'attribute' ? callee.name : '';
  if (callee.kind === 'attribute' && isIt(callee.object) && (name === 'close' || name === 'aclose')) {
    const place = placeOf(expression.span, where.context.ancestors);
    trace.closes.push({ call: expression, statement: where.statement, place, ancestors: where.context.ancestors });
  }
  for (const { value } of expression.arguments) {
    const handsClose = value.kind === 'attribute' && value.name === 'close' && isIt(value.object);
    if (handsClose) trace.managed = true;
    if (!isIt(value)) continue;
    if (name === 'closing' || name === 'aclosing' || name === 'enter_context') trace.managed = true;
    else if (/^(close_|putconn|release|cleanup)/.test(name)) trace.leaves = true;
    else trace.passed = true;
  }
}

function placeOf(span: Span, ancestors: readonly PythonStatement[]): Close['place'] {
  for (const node of ancestors) {
    if (node.kind !== 'try') continue;
    const holds = (body: readonly PythonStatement[]) =>
      body.some((statement) => statement.span.start <= span.start && span.end <= statement.span.end);
    if (node.finally && holds(node.finally)) return 'finally';
    if (node.handlers.some(holds)) return 'handler';
  }
  return 'plain';
}

/** `try: ... except: log` and then `close()` behind it: what fails is caught before it can skip the closing. */
function swallowsFailures(close: Close, session: SessionOwner): boolean {
  const { owner, statement: opening } = session;
  const holder = close.ancestors.at(-1) ?? owner;
  const block = blockOf(holder, close.statement);
  const between = block.filter(
    (statement) => statement.span.start > opening.span.end && statement.span.end <= close.statement.span.start,
  );
  const tries = between.filter((statement) => statement.kind === 'try');
  if (tries.length === 0) return false;
  return tries.every(
    (statement) =>
      statement.kind === 'try' &&
      statement.handlers.length > 0 &&
      statement.handlers.every(
        (handler) => !handler.some((inner) => inner.kind === 'raise' || inner.kind === 'return'),
      ),
  );
}

function blockOf(holder: PythonStatement, statement: PythonStatement): readonly PythonStatement[] {
  const blocks: readonly (readonly PythonStatement[])[] =
    holder.kind === 'if'
      ? holder.branches.map((branch) => branch.body)
      : holder.kind === 'try'
        ? [holder.body, ...holder.handlers, holder.otherwise]
        : 'body' in holder
          ? [holder.body]
          : [];
  return blocks.find((block) => block.includes(statement)) ?? [];
}
