import type { PythonCall, PythonExpression, PythonFunction, PythonStatement } from '../../../parse/python-tree.ts';
import {
  dottedName,
  keywordArgument,
  type WalkOptions,
  walkExpressions,
  walkStatements,
} from '../../../parse/python-walk.ts';
import type { SourceText } from '../../../text/source-text.ts';
import type { EnvironmentRead } from '../../code-facts.ts';
import type { Pausable } from '../../pausable.ts';
import { type CallPlace, findPlaces } from '../pools/pool-sites.ts';
import type { PythonProgram } from '../python-program.ts';
import { flatMapFiles } from './flat-map-files.ts';
import { settingsReads } from './settings-reads.ts';

/** Variables that the code turns into numbers, with the words it takes besides and whether a failure is caught. */
export function* findEnvironmentReads(
  program: PythonProgram,
  sources: readonly SourceText[],
): Pausable<readonly EnvironmentRead[]> {
  const reads = yield* flatMapFiles(sources, {
    program,
    matters: ({ text }) => /environ|getenv|\benv\b|\bconfig\(|BaseSettings/.test(text),
    read: (source) => {
      const places = program.calls(source).filter(({ call }) => isNumberCall(call));
      const direct = places.flatMap((place) => readsOf({ ...place, source }, { program, sources }));
      return [...direct, ...settingsReads(program, source)];
    },
  });
  const distinct = new Map(reads.map((read) => [`${read.name} ${read.at.source.path} ${read.at.span.start}`, read]));
  return [...distinct.values()];
}

function isNumberCall(call: PythonCall): boolean {
  return castOf(call) !== undefined;
}

function castOf(call: PythonCall): EnvironmentRead['cast'] | undefined {
  const { callee } = call;
  if (callee.kind === 'name' && (callee.name === 'int' || callee.name === 'float')) return callee.name;
  if (callee.kind === 'attribute' && /^(int|float)$/.test(callee.name) && dottedName(callee.object) !== undefined)
    return /(^|\.)_?env$/.test(dottedName(callee.object) ?? '') ? (callee.name as 'int' | 'float') : undefined;
  const cast = keywordArgument(call, 'cast')?.value;
  return cast?.kind === 'name' && (cast.name === 'int' || cast.name === 'float') ? cast.name : undefined;
}

interface Search {
  readonly program: PythonProgram;
  readonly sources: readonly SourceText[];
}

function readsOf(place: CallPlace, search: Search): readonly EnvironmentRead[] {
  const cast = castOf(place.call);
  const argument = place.call.arguments[0]?.value;
  if (!cast || !argument) return [];
  const { source } = place;
  const rest = { cast, accepts: acceptedWords(place), guarded: isGuarded(place) };
  const isReader =
    place.call.callee.kind !== 'name' || place.call.callee.name === 'config' || keywordArgument(place.call, 'cast');
  if (isReader) {
    return argument.kind === 'string' ? [{ name: argument.text, at: { source, span: place.call.span }, ...rest }] : [];
  }
  const name = variableIn(argument, place, search.program);
  if (!name) return [];
  if (name.kind === 'string') return [{ name: name.text, at: { source, span: place.call.span }, ...rest }];
  return callerNames(name, place, search).map(({ name: variable, at }) => ({ name: variable, at, ...rest }));
}

/** The name argument of the environment read behind an expression, directly or by way of a variable. */
function variableIn(
  expression: PythonExpression,
  place: CallPlace,
  program: PythonProgram,
): PythonExpression | undefined {
  const direct = readIn(expression);
  if (direct) return direct;
  let found: PythonExpression | undefined;
  walkExpressions(expression, (part) => {
    if (part.kind === 'name' && !found) found = assignedRead(part.name, place, program);
  });
  return found;
}

function readIn(expression: PythonExpression): PythonExpression | undefined {
  let found: PythonExpression | undefined;
  walkExpressions(expression, (part) => {
    if (found) return;
    if (part.kind === 'call' && /^((os\.)?environ\.get|(os\.)?getenv)$/.test(dottedName(part.callee) ?? ''))
      found = part.arguments[0]?.value;
    if (part.kind === 'subscript' && /^(os\.)?environ$/.test(dottedName(part.object) ?? '')) found = part.index;
  });
  return found;
}

function assignedRead(name: string, place: CallPlace, program: PythonProgram): PythonExpression | undefined {
  let found: PythonExpression | undefined;
  const search = (body: readonly PythonStatement[], options: WalkOptions = {}) =>
    walkStatements(
      body,
      (statement) => {
        if (statement.kind !== 'assign' || statement.operator) return;
        if (statement.targets.some((target) => target.kind === 'name' && target.name === name))
          found ??= readIn(statement.value);
      },
      options,
    );
  if (place.function) search(place.function.body);
  if (!found) search(program.parse(place.source).body, { functions: false, classes: false });
  return found;
}

/** The variables that callers of a helper (`read_int("POOL_SIZE")`) name. */
function callerNames(
  name: PythonExpression,
  place: CallPlace,
  search: Search,
): readonly { readonly name: string; readonly at: EnvironmentRead['at'] }[] {
  const owner: PythonFunction | undefined = place.function;
  if (name.kind !== 'name' || !owner) return [];
  const index = owner.parameters
    .filter((parameter) => parameter.name !== 'self')
    .findIndex((parameter) => parameter.name === name.name);
  if (index === -1) return [];
  const callers = findPlaces(search.program, { sources: search.sources, names: new Set([owner.name]) });
  return callers.flatMap((caller) => {
    const value = keywordArgument(caller.call, name.name)?.value ?? caller.call.arguments[index]?.value;
    if (value?.kind !== 'string') return [];
    return [{ name: value.text, at: { source: caller.source, span: caller.call.span } }];
  });
}

/** Words that the code compares the text with before it converts it. */
function acceptedWords(place: CallPlace): readonly string[] {
  const words = new Set<string>();
  const add = (expression: PythonExpression) => {
    if (expression.kind === 'string') words.add(expression.text.toLowerCase());
    if (expression.kind === 'list') expression.items.forEach(add);
  };
  const look = (root: PythonStatement | PythonExpression) =>
    walkExpressions(root, (part) => {
      if (part.kind !== 'binary' || !/^(==|!=|in|not in)$/.test(part.operator)) return;
      add(part.right);
      if (part.operator === '==' || part.operator === '!=') add(part.left);
    });
  if (place.function) walkStatements(place.function.body, (statement) => look(statement));
  else look(place.statement);
  return [...words];
}

function isGuarded(place: CallPlace): boolean {
  const at = place.call.span.start;
  const inTry = place.ancestors.some(
    (node) =>
      node.kind === 'try' &&
      node.handlers.length > 0 &&
      node.body.some((statement) => statement.span.start <= at && at < statement.span.end),
  );
  const { span } = place.function ?? place.statement;
  return inTry || /\.is(digit|numeric|decimal)\(/.test(place.source.text.slice(span.start, span.end));
}
