import {
  type Assignment,
  type Command,
  type CommandArgument,
  type DoubleQuotedChild,
  type ParameterExpansionPart,
  parse,
  type SyntaxNode,
  type TestCommand,
  type Word,
  type WordPart,
} from 'unbash';
import { type ParseError, sizeCaps } from './parse-result.ts';
import {
  bareParameter,
  bracketWords,
  caseHead,
  createShellText,
  insideQuotes,
  joinElements,
  readLiteral,
  readSubstitution,
  type ShellText,
} from './shell-text.ts';
import type { ShellAssignment, ShellCommand, ShellPart, ShellScript, ShellWord } from './shell-tree.ts';
import { checkSize } from './size-check.ts';

/** Reads a shell script, or the text after `sh -c`, into the simple commands it may run. Never throws. */
export function parseShell(text: string): ShellScript {
  const interpreter = /^#!(.*)/.exec(text)?.[1]?.trim();
  const tooLarge = checkSize(text, sizeCaps.shell);
  if (tooLarge) return failed(interpreter, tooLarge);
  try {
    return { ...readScript(createShellText(text)), interpreter };
  } catch {
    return failed(interpreter, { code: 'unreadable', span: { start: 0, end: 0 } });
  }
}

const maximumErrors = 100;
/** Deepest `${A:-${B:-...}}` whose operand is taken apart. */
const maximumDepth = 32;
const declarations: ReadonlySet<string> = new Set(['export', 'declare', 'typeset', 'local', 'readonly']);
/** Programs whose failure is an answer, so that what follows their `&&` may not run. */
const questions: ReadonlySet<string> = new Set('[ test grep egrep pgrep which type hash false'.split(' '));

function failed(interpreter: string | undefined, error: ParseError): ShellScript {
  return { commands: [], functions: new Map(), errors: [error], interpreter };
}

interface Context extends Omit<ShellCommand, 'span' | 'assignments' | 'words'> {
  readonly commands: ShellCommand[];
}

interface Task {
  readonly node: SyntaxNode;
  readonly context: Context;
}

function readScript(script: ShellText): Omit<ShellScript, 'interpreter'> {
  const root = parse(script.text);
  const commands: ShellCommand[] = [];
  const functions = new Map<string, readonly ShellCommand[]>();
  const plain = { conditional: false, branch: undefined, background: false, piped: false };
  const tasks: Task[] = [{ node: root, context: { ...plain, last: true, commands } }];
  for (let task = tasks.pop(); task; task = tasks.pop()) {
    if (task.node.type === 'Command') task.context.commands.push(...readCommand(script, { ...task, node: task.node }));
    else if (task.node.type === 'TestCommand')
      task.context.commands.push(...readTest(script, { ...task, node: task.node }));
    else if (task.node.type === 'Function') {
      const body: ShellCommand[] = [];
      functions.set(task.node.name.value, body);
      tasks.push({ node: task.node.body, context: { ...plain, last: false, commands: body } });
    } else {
      const { node, context } = task;
      if (node.type === 'Case') {
        const subject = readWord(script, node.word);
        context.commands.push({ ...placeOf(context), last: false, ...caseHead(script, { ...node, subject }) });
      }
      tasks.push(...expand(script, task).reverse());
    }
  }
  const errors = (root.errors ?? []).slice(0, maximumErrors).map(({ message, pos }) => ({
    code: message.startsWith('unterminated') ? 'unterminated' : message.startsWith('maximum') ? 'too-deep' : 'syntax',
    span: script.spanOf(pos, pos),
  }));
  return { commands, functions, errors };
}

function placeOf({ commands: _, ...place }: Context): Omit<Context, 'commands'> {
  return place;
}

/** What a node runs, in the order of the text. */
function expand(script: ShellText, { node, context }: Task): Task[] {
  const inside: Context = { ...context, last: false };
  const body: Context = { ...inside, conditional: true };
  const arm = (part: { pos: number; end: number }): Context => ({ ...body, branch: script.spanOf(part.pos, part.end) });
  switch (node.type) {
    case 'Script':
    case 'CompoundList':
      return inTurn(node.commands, context);
    case 'Statement':
      return [
        { node: node.command, context: { ...context, background: context.background || node.background === true } },
      ];
    case 'AndOr': {
      const risks = conditionsOf(node.commands, node.operators);
      return inTurn(node.commands, context).map((task, index) =>
        risks[index] ? { ...task, context: { ...task.context, conditional: true } } : task,
      );
    }
    case 'Pipeline':
      return inTurn(node.commands, context).map((task, index) =>
        index < node.commands.length - 1 ? { ...task, context: { ...task.context, piped: true } } : task,
      );
    case 'Redirected':
      return [{ node: node.command, context }];
    case 'BraceGroup':
      return [{ node: node.body, context }];
    case 'Subshell':
      return [{ node: node.body, context: inside }];
    case 'Coproc':
      return [{ node: node.body, context: { ...inside, background: true } }];
    case 'If':
      return [
        { node: node.clause, context: inside },
        { node: node.then, context: arm(node.then) },
        ...node.elif.flatMap((elif) => [
          { node: elif.clause, context: body },
          { node: elif.then, context: arm(elif.then) },
        ]),
        ...(node.else ? [{ node: node.else, context: arm(node.else) }] : []),
      ];
    case 'Case':
      return node.items.map((item) => ({ node: item.body, context: arm(item) }));
    case 'While':
      return [
        { node: node.clause, context: inside },
        { node: node.body, context: body },
      ];
    case 'For':
    case 'ArithmeticFor':
    case 'Select':
      return [{ node: node.body, context: body }];
    default:
      return [];
  }
}

function inTurn(nodes: readonly SyntaxNode[], context: Context): Task[] {
  return nodes.map((node, index) => ({
    node,
    context: index === nodes.length - 1 ? context : { ...context, last: false },
  }));
}

/** For each member of an `&&`/`||` chain whether it may be skipped while everything that is no question succeeds. */
function conditionsOf(nodes: readonly SyntaxNode[], operators: readonly string[]): boolean[] {
  let uncertain = false;
  return nodes.map((node, index) => {
    const alternative = operators[index - 1] === '||';
    const conditional = index > 0 && (alternative || uncertain);
    uncertain = alternative ? uncertain && isQuestion(node) : uncertain || isQuestion(node);
    return conditional;
  });
}

function isQuestion(node: SyntaxNode): boolean {
  for (let inner: SyntaxNode | undefined = node; inner; ) {
    if (inner.type === 'TestCommand' || inner.type === 'ArithmeticCommand') return true;
    if (inner.type === 'Command') {
      const name = inner.name?.value ?? '';
      const first = inner.suffix[0];
      if (name === 'command') return first?.type === 'Word' && /^-[vV]$/.test(first.value);
      return questions.has(name);
    }
    if (inner.type === 'Pipeline') {
      if (inner.prefixes.some((prefix) => prefix.type === 'Negation')) return true;
      inner = inner.commands.at(-1);
    } else if (inner.type === 'Redirected' || inner.type === 'Statement') inner = inner.command;
    else if (inner.type === 'Subshell' || inner.type === 'BraceGroup') inner = inner.body;
    else if (inner.type === 'CompoundList' || inner.type === 'AndOr') inner = inner.commands.at(-1);
    else return false;
  }
  return false;
}

function readCommand(script: ShellText, { node, context }: { node: Command; context: Context }): ShellCommand[] {
  const span = script.spanOf(node.pos, node.end);
  const make = (assignments: readonly ShellAssignment[], words: readonly ShellWord[]): ShellCommand => ({
    ...placeOf(context),
    span,
    assignments,
    words,
  });
  const prefix = node.prefix.flatMap((part) => (part.type === 'Assignment' ? [readAssignment(script, part)] : []));
  if (!node.name) return prefix.length > 0 ? [make(prefix, [])] : [];
  const name = readWord(script, node.name);
  if (!declarations.has(node.name.value)) {
    return [make(prefix, [name, ...node.args.map((argument) => readArgument(script, argument))])];
  }
  const words = node.args.flatMap((argument) => (argument.type === 'Word' ? [argument] : []));
  const exported = node.name.value === 'export' || words.some((word) => /^-[a-zA-Z]*x/.test(word.value));
  const declared = node.args.flatMap((argument) => {
    if (argument.type !== 'Assignment') return [];
    const assignment = readAssignment(script, argument);
    return [exported ? { ...assignment, exported } : assignment];
  });
  const bare = words.some((word) => !word.value.startsWith('-'));
  const command = make(prefix, [name, ...words.map((word) => readWord(script, word))]);
  if (declared.length === 0) return [command];
  if (!bare) return [make(declared, [])];
  return [{ ...make(declared, []), last: false }, command];
}

/** `[[ -z word ]]` and `[[ left == right ]]` as commands of words; `&&`, `||` and groups inside the brackets are left out. */
function readTest(script: ShellText, { node, context }: { node: TestCommand; context: Context }): ShellCommand[] {
  const { expression, pos, end } = node;
  if (expression.type !== 'TestUnary' && expression.type !== 'TestBinary') return [];
  const operands = expression.type === 'TestUnary' ? [expression.operand] : [expression.left, expression.right];
  const words = bracketWords(script, {
    pos,
    operator: expression.operator,
    operands: operands.map((word) => readWord(script, word)),
  });
  return [{ span: script.spanOf(pos, end), assignments: [], words, ...placeOf(context) }];
}

function readArgument(script: ShellText, argument: CommandArgument): ShellWord {
  if (argument.type === 'Word') return readWord(script, argument);
  const { value, span } = readAssignment(script, argument);
  const equals = argument.text.indexOf('=') + 1;
  const name = readLiteral(script, {
    value: argument.text.slice(0, equals),
    pos: argument.pos,
    end: argument.pos + equals,
  });
  return { span, parts: [name, ...value.parts] };
}

function readAssignment(script: ShellText, node: Assignment): ShellAssignment {
  const span = script.spanOf(node.pos, node.end);
  const name = node.index ? `${node.name}[${node.index.value}]` : node.name;
  const before = bareParameter(name, { span: script.spanOf(node.pos, node.pos + node.name.length), quoted: true });
  if (node.value.type === 'Word') {
    const value = readWord(script, node.value);
    return { name, span, value: node.append ? { ...value, parts: [before, ...value.parts] } : value };
  }
  const array = script.spanOf(node.value.pos, node.value.end);
  const words = node.value.elements.map((element) => readWord(script, element));
  const earlier: ShellWord[] = node.append ? [{ span: before.span, parts: [{ ...before, allElements: true }] }] : [];
  const elements = [...earlier, ...words];
  const value = { span: array, parts: joinElements(script, { elements, span: array }) };
  return { name, span, value, elements };
}

function readWord(script: ShellText, word: Word, depth = 0): ShellWord {
  const span = script.spanOf(word.pos, word.end);
  if (depth > maximumDepth) return { span, parts: [readSubstitution(script, word)] };
  if (!word.parts) return { span, parts: word.value === '' ? [] : [readLiteral(script, word)] };
  return { span, parts: word.parts.flatMap((part) => readPart(script, { part, depth })) };
}

function readPart(script: ShellText, options: { part: WordPart; depth: number }): ShellPart[] {
  const { part, depth } = options;
  switch (part.type) {
    case 'Literal':
      return [readLiteral(script, part)];
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return [readLiteral(script, { value: part.value, ...insideQuotes(part) })];
    case 'DoubleQuoted':
    case 'LocaleString':
      if (part.parts.length === 0) return [readLiteral(script, { value: '', ...insideQuotes(part) })];
      return part.parts.map((child) => readExpansion(script, { part: child, depth, quoted: true }));
    case 'SimpleExpansion':
    case 'ParameterExpansion':
    case 'CommandExpansion':
    case 'ArithmeticExpansion':
      return [readExpansion(script, { part, depth, quoted: false })];
    default:
      return [readSubstitution(script, part)];
  }
}

function readExpansion(
  script: ShellText,
  options: { part: DoubleQuotedChild; depth: number; quoted: boolean },
): ShellPart {
  const { part, depth, quoted } = options;
  if (part.type === 'Literal') return readLiteral(script, part);
  if (part.type === 'SimpleExpansion') {
    return bareParameter(part.text.slice(1), { span: script.spanOf(part.pos, part.end), quoted });
  }
  if (part.type === 'ParameterExpansion' && !part.prefix) {
    const index = part.index?.value;
    const allElements = index === '@' || index === '*';
    return {
      kind: 'parameter',
      name: index === undefined || allElements ? part.parameter : `${part.parameter}[${index}]`,
      ...readOperation(script, { operation: part.operation, depth }),
      span: script.spanOf(part.pos, part.end),
      quoted,
      ...(allElements ? { allElements } : {}),
    };
  }
  return readSubstitution(script, part);
}

function readOperation(
  script: ShellText,
  options: { operation: ParameterExpansionPart['operation']; depth: number },
): { operator: string | undefined; operand: ShellWord | undefined } {
  const { operation, depth } = options;
  if (!operation) return { operator: undefined, operand: undefined };
  if ('operand' in operation && operation.operand) {
    return { operator: operation.operator, operand: readWord(script, operation.operand, depth + 1) };
  }
  const pos = operation.operatorEnd;
  const value = script.text.slice(pos, operation.end);
  const parts = value === '' ? [] : [readLiteral(script, { value, pos, end: operation.end })];
  return { operator: operation.operator, operand: { span: script.spanOf(pos, operation.end), parts } };
}
