import type { PythonClass, PythonExpression } from '../../parse/python-tree.ts';
import type { Location } from '../../text/span.ts';
import { unknown } from '../value.ts';
import { toBoolean, toFloat, toInteger } from './casts.ts';
import { basesOf, classScope } from './classes.ts';
import { openFile, readVariables } from './env-files.ts';
import { readVariable } from './environment-variables.ts';
import { type Definition, type Frame, locate } from './frame.ts';
import type { PythonObject } from './python-data.ts';
import { markedText } from './python-text.ts';
import { asMap, asObject, asSequence, asText, type PythonValue } from './python-value.ts';

/** True for pydantic settings classes: their fields read environment variables. */
export function readsEnvironment(definition: Definition, frame: Frame, depth = 0): boolean {
  if (depth > 6) return false;
  return basesOf(definition, frame).some((base) =>
    typeof base === 'string' ? /(^|\.)BaseSettings$/.test(base) : readsEnvironment(base, frame, depth + 1),
  );
}

interface FieldAccess {
  readonly definition: Definition;
  readonly name: string;
  readonly frame: Frame;
  readonly at: Location;
}

/** A settings field: its variable, else its default; undefined when the class has no such field. */
export function settingsField(access: FieldAccess, depth = 0): PythonValue | undefined {
  const { definition, frame, name } = access;
  const field = findField(definition.node as PythonClass, name);
  if (!field) {
    if (depth > 6) return undefined;
    for (const base of basesOf(definition, frame)) {
      const inherited =
        typeof base === 'string' ? undefined : settingsField({ ...access, definition: base }, depth + 1);
      if (inherited) return inherited;
    }
    return undefined;
  }
  const scope = classScope(definition, frame);
  const where: Frame = { ...frame, scope, source: definition.source, depth: frame.depth + 1 };
  const value = field.value && frame.runtime.evaluate(field.value, where);
  const description = asObject(value);
  const described = description && isFieldCall(description) ? description : undefined;
  const fallback = described ? describedDefault(described, where) : isRequired(field.value, where) ? undefined : value;
  const at = locate(where, field.target);
  const computed = fallback && isValidated(definition.node as PythonClass, name);
  const read = readVariable(frame, {
    names: fieldVariables(definition, { name, frame }),
    at,
    fallback: computed ? unknown(`${name} is computed by a validator`, at) : fallback,
    file: settingsFile(definition, where),
  });
  return cast(read, field.annotation);
}

/** The variables a settings field is read from, in order; the last one is the field's own name. */
export function fieldVariables(
  definition: Definition,
  field: { readonly name: string; readonly frame: Frame },
): readonly string[] {
  const { frame, name } = field;
  const where: Frame = { ...frame, scope: classScope(definition, frame), source: definition.source };
  const expression = findField(definition.node as PythonClass, name)?.value;
  const description = expression && asObject(frame.runtime.evaluate(expression, where));
  const names = description && isFieldCall(description) ? aliasesOf(description) : [];
  const candidates = names.length > 0 ? names : [`${prefixOf(definition, where)}${name}`];
  return candidates.flatMap((candidate) => matchingNames(candidate, frame));
}

/** The default inside a pydantic or dataclass field description; undefined for other values. */
export function fieldDefault(value: PythonValue, frame: Frame): PythonValue | undefined {
  const description = asObject(value);
  if (!description || !isFieldCall(description)) return undefined;
  return describedDefault(description, frame) ?? unknown('a field without default', value.at);
}

function isFieldCall(object: PythonObject): boolean {
  return /^(pydantic|pydantic_settings|dataclasses|sqlmodel)\.(fields\.)?(Field|field)$/.test(object.callee);
}

function describedDefault(field: PythonObject, frame: Frame): PythonValue | undefined {
  const written = field.keywords.get('default') ?? field.positional[0];
  if (written) return written.known || !isEllipsis(written.at) ? written : undefined;
  const factory = field.call.arguments.find((argument) => argument.name === 'default_factory')?.value;
  if (!factory) return undefined;
  if (factory.kind === 'lambda') return frame.runtime.evaluate(factory.body, frame);
  const made = frame.runtime.evaluate({ ...field.call, callee: factory, arguments: [] }, frame);
  return made;
}

function isEllipsis(at: Location): boolean {
  return at.source.text.slice(at.span.start, at.span.end) === '...';
}

function isRequired(expression: PythonExpression | undefined, frame: Frame): boolean {
  return expression === undefined || isEllipsis(locate(frame, expression));
}

interface Field {
  readonly target: PythonExpression;
  readonly value: PythonExpression | undefined;
  readonly annotation: PythonExpression | undefined;
}

function findField(node: PythonClass, name: string): Field | undefined {
  let found: Field | undefined;
  for (const statement of node.body) {
    if (statement.kind === 'annotation' && isName(statement.target, name))
      found = { target: statement.target, value: undefined, annotation: statement.annotation };
    if (statement.kind !== 'assign' || statement.operator) continue;
    const target = statement.targets.find((candidate) => isName(candidate, name));
    if (target) found = { target, value: statement.value, annotation: statement.annotation };
  }
  return found;
}

function isName(expression: PythonExpression, name: string): boolean {
  return expression.kind === 'name' && expression.name === name;
}

function aliasesOf(field: PythonObject): readonly string[] {
  for (const keyword of ['validation_alias', 'env', 'alias']) {
    const value = field.keywords.get(keyword);
    if (!value) continue;
    const choices = asObject(value)?.positional ?? asSequence(value)?.items ?? [value];
    const names = choices.flatMap((choice) => {
      const text = asText(choice);
      return text.known ? [text.value] : [];
    });
    if (names.length > 0) return names;
  }
  return [];
}

function prefixOf(definition: Definition, frame: Frame): string {
  const prefix = configEntry(definition, { name: 'env_prefix', frame });
  const text = prefix && asText(prefix);
  return text?.known ? text.value : '';
}

/** An entry of `model_config = SettingsConfigDict(...)`, or of pydantic 1's inner `class Config`. */
function configEntry(
  definition: Definition,
  entry: { readonly name: string; readonly frame: Frame; readonly depth?: number },
): PythonValue | undefined {
  const { name, frame, depth = 0 } = entry;
  for (const statement of (definition.node as PythonClass).body) {
    const isConfig = statement.kind === 'assign' && statement.targets.some((target) => isName(target, 'model_config'));
    if (isConfig) {
      const value = frame.runtime.evaluate(statement.value, frame);
      const found = asObject(value)?.keywords.get(name) ?? asMap(value)?.entries.get(name);
      if (found) return found;
    }
    if (statement.kind !== 'class' || statement.name !== 'Config') continue;
    const written = findField(statement, name)?.value;
    if (written) return frame.runtime.evaluate(written, frame);
  }
  if (depth > 6) return undefined;
  for (const base of basesOf(definition, frame)) {
    const where = { ...entry, depth: depth + 1 };
    const found = typeof base === 'string' ? undefined : configEntry(base, { ...where, frame: insideOf(base, frame) });
    if (found) return found;
  }
  return undefined;
}

function insideOf(definition: Definition, frame: Frame): Frame {
  return { ...frame, scope: classScope(definition, frame), source: definition.source, depth: frame.depth + 1 };
}

/** What the env files of a settings class say, by upper-case names; a later file wins. */
function settingsFile(definition: Definition, frame: Frame): ReadonlyMap<string, PythonValue> {
  const given = configEntry(definition, { name: 'env_file', frame });
  const variables = new Map<string, PythonValue>();
  for (const path of asSequence(given)?.items ?? (given ? [given] : [])) {
    const text = path.known ? markedText(path.value) : undefined;
    const file = text === undefined ? undefined : openFile(text, frame);
    if (!file) continue;
    const read = readVariables(file, { dialect: 'python-dotenv', lookup: () => undefined });
    for (const [name, value] of read) variables.set(name.toUpperCase(), value);
  }
  return variables;
}

function matchingNames(name: string, frame: Frame): readonly string[] {
  const upper = name.toUpperCase();
  const present = [...frame.runtime.environment.variables.keys()].filter((key) => key.toUpperCase() === upper);
  return [...present, upper];
}

function isValidated(node: PythonClass, name: string): boolean {
  return node.body.some(
    (statement) =>
      statement.kind === 'function' &&
      statement.decorators.some(
        (decorator) =>
          decorator.kind === 'call' &&
          /validator$/.test(decorator.callee.kind === 'name' ? decorator.callee.name : '') &&
          decorator.arguments.some((argument) => argument.value.kind === 'string' && argument.value.text === name),
      ),
  );
}

function cast(value: PythonValue, annotation: PythonExpression | undefined): PythonValue {
  const words = annotation ? namesIn(annotation) : [];
  const isText = value.known && typeof value.value === 'string';
  if (!isText && value.known) return value;
  if (words.includes('str')) return value;
  if (words.some((word) => /^(int|(Non)?(Positive|Negative)Int|conint)$/.test(word))) return toInteger(value);
  if (words.some((word) => /^(float|(Positive|NonNegative)Float)$/.test(word))) return toFloat(value);
  if (words.includes('bool')) return toBoolean(value);
  return value;
}

/** The type names in an annotation. */
export function namesIn(annotation: PythonExpression, depth = 0): readonly string[] {
  if (depth > 5) return [];
  switch (annotation.kind) {
    case 'name':
    case 'attribute':
      return [annotation.name];
    case 'subscript':
      return [annotation.object, annotation.index].flatMap((part) => namesIn(part, depth + 1));
    case 'binary':
      return [annotation.left, annotation.right].flatMap((part) => namesIn(part, depth + 1));
    case 'list':
      return annotation.items.flatMap((item) => namesIn(item, depth + 1));
    case 'call':
      return namesIn(annotation.callee, depth + 1);
    default:
      return [];
  }
}
