import type {
  PythonArgument,
  PythonCall,
  PythonDict,
  PythonExpression,
  PythonModule,
} from '../../parse/python-tree.ts';
import { walkExpressions, walkStatements } from '../../parse/python-walk.ts';
import type { Location, Span } from '../../text/span.ts';

/** The call written at exactly this place (callee and arguments), or whose callee stands there. */
export function callAt(module: PythonModule, at: Location): PythonCall | undefined {
  let found: PythonCall | undefined;
  eachExpression(module, (expression) => {
    if (expression.kind !== 'call') return;
    if (equal(expression.span, at.span) || (!found && equal(expression.callee.span, at.span))) found = expression;
  });
  return found;
}

/** The dict literal written at exactly this place. */
export function dictAt(module: PythonModule, at: Location): PythonDict | undefined {
  let found: PythonDict | undefined;
  eachExpression(module, (expression) => {
    if (expression.kind === 'dict' && equal(expression.span, at.span)) found = expression;
  });
  return found;
}

/** What is written at exactly this place: a string (or what is between its quotes), another value, or a name. */
export function literalAt(module: PythonModule, at: Location): 'string' | 'value' | 'name' | undefined {
  let found: 'string' | 'value' | 'name' | undefined;
  eachExpression(module, (expression) => {
    if (expression.kind === 'string') {
      if (expression.exact && equal(expression.contentSpan, at.span)) found = 'string';
      else if (equal(expression.span, at.span)) found = 'value';
    } else if (expression.kind === 'call') {
      for (const argument of expression.arguments) if (equal(nameSpanOf(argument), at.span)) found = 'name';
    }
    if (expression.kind === 'format' || expression.kind === 'other' || expression.kind === 'string') return;
    if (equal(expression.span, at.span)) found ??= 'value';
  });
  return found;
}

/** True for a value that is written out: a number, a string, `None`, `True`, `-1`. */
export function isLiteral(expression: PythonExpression): boolean {
  if (expression.kind === 'unary') return expression.operand.kind === 'number';
  return expression.kind === 'number' || expression.kind === 'constant' || expression.kind === 'string';
}

function nameSpanOf(argument: PythonArgument): Span | undefined {
  const { name, span } = argument;
  return name === undefined ? undefined : { start: span.start, end: span.start + name.length };
}

function eachExpression(module: PythonModule, visit: (expression: PythonExpression) => void): void {
  walkStatements(module.body, (statement) => walkExpressions(statement, visit));
}

function equal(left: Span | undefined, right: Span): boolean {
  return left?.start === right.start && left.end === right.end;
}
