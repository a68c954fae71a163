import { concatMapped, type MappedText, mappedLiteral, mappedUnknown, unknownReason } from '../../text/mapped-text.ts';
import type { Location } from '../../text/span.ts';
import type { Hop } from '../../text/trail.ts';
import type { Known, Unknown } from '../value.ts';

/** Text with `$` references, and where each part of it stands. */
export interface Template {
  readonly text: string;
  /** The part between two offsets of `text` as it is written. */
  literal(start: number, end: number): MappedText;
  locate(start: number, end: number): Location;
}

/** What is known of a variable: its value, why it is unknown, or undefined when nothing in the files sets it. */
export type Lookup = (name: string) => Known<string> | Unknown<string> | undefined;

/**
 * Replaces `$V`, `${V}` and `${V:-d}`, `-`, `:?`, `?`, `:+`, `+` (nested too) and `$$` as Compose does
 * (compose-go template/template.go). A variable that no file sets takes its default; without one it is unknown, since
 * the shell may set it.
 */
export function interpolate(template: Template, lookup: Lookup): MappedText {
  return substitute(template, { lookup, budget: { references: 500, characters: 200_000 }, depth: 0 });
}

/** Why Compose refuses a text: whatever the shell sets, or unless it sets a variable. */
export interface InterpolationProblem {
  readonly kind: 'invalid' | 'empty' | 'unset';
  readonly why: string;
}

/** The first reference in the text that Compose refuses, operands included even where they are not needed. */
export function findInterpolationProblem(text: string, lookup: Lookup, depth = 0): InterpolationProblem | undefined {
  let done = 0;
  for (let dollar = text.indexOf('$'); dollar !== -1; dollar = text.indexOf('$', done)) {
    const reference = findReference(text, dollar);
    done = reference?.end ?? dollar + 1;
    const problem = reference && problemOf(reference, lookup);
    if (problem) return problem;
    if (reference?.operator === undefined || depth >= maximumDepth) continue;
    const operand = text.slice(reference.operandStart, reference.operandEnd);
    const inner = findInterpolationProblem(operand, lookup, depth + 1);
    if (inner) return inner;
  }
  return undefined;
}

function problemOf({ kind, name, operator }: Reference, lookup: Lookup): InterpolationProblem | undefined {
  if (kind === 'invalid') return { kind, why: 'Compose refuses this interpolation' };
  if (!operator?.endsWith('?')) return undefined;
  const value = lookup(name);
  if (!value) return { kind: 'unset', why: `Compose refuses to start unless ${name} is set, and it is not in .env` };
  if (!value.known || operator === '?' || value.value !== '') return undefined;
  return { kind: 'empty', why: `Compose refuses to start while ${name} is empty` };
}

const maximumDepth = 16;
/** Shells always export these, so the default of `${HOME:-x}` never counts. */
const shellVariables = new Set(['HOME', 'PWD', 'USER', 'LOGNAME', 'PATH', 'SHELL', 'OLDPWD']);

interface Substitution {
  readonly lookup: Lookup;
  readonly budget: { references: number; characters: number };
  readonly depth: number;
}

function substitute(template: Template, context: Substitution): MappedText {
  const { text } = template;
  const pieces: MappedText[] = [];
  let done = 0;
  for (let dollar = text.indexOf('$'); dollar !== -1; dollar = text.indexOf('$', done)) {
    const reference = findReference(text, dollar);
    const end = reference?.end ?? dollar + 1;
    pieces.push(template.literal(done, reference ? dollar : end));
    done = end;
    if (!reference) continue;
    const piece = replace(template, { reference, dollar }, context);
    context.budget.references -= 1;
    context.budget.characters -= piece.text.length;
    if (context.budget.references < 0 || context.budget.characters < 0) {
      return mappedUnknown('it holds too many references', { at: template.locate(0, text.length) });
    }
    pieces.push(piece);
  }
  pieces.push(template.literal(done, text.length));
  return concatMapped(pieces);
}

interface Reference {
  readonly kind: 'dollar' | 'variable' | 'invalid';
  readonly end: number;
  readonly name: string;
  readonly operator: string | undefined;
  /** Range of the operand in the template. */
  readonly operandStart: number;
  readonly operandEnd: number;
}

/** The reference that starts at a `$`, or undefined when the `$` stands for itself. */
function findReference(text: string, dollar: number): Reference | undefined {
  const nothing = { name: '', operator: undefined, operandStart: dollar, operandEnd: dollar };
  if (text[dollar + 1] === '$') return { ...nothing, kind: 'dollar', end: dollar + 2 };
  const name = nameAt(text, text[dollar + 1] === '{' ? dollar + 2 : dollar + 1);
  if (text[dollar + 1] !== '{') {
    return name === '' ? undefined : { ...nothing, kind: 'variable', name, end: dollar + 1 + name.length };
  }
  const invalid: Reference = { ...nothing, kind: 'invalid', end: dollar + 2 };
  const afterName = dollar + 2 + name.length;
  if (name === '') return invalid;
  if (text[afterName] === '}') return { ...nothing, kind: 'variable', name, end: afterName + 1 };
  const operator = /^:?[-+?]/.exec(text.slice(afterName, afterName + 2))?.[0];
  const close = operator === undefined ? undefined : closingBrace(text, dollar);
  if (operator === undefined || close === undefined) return invalid;
  const operandStart = afterName + operator.length;
  return { kind: 'variable', name, operator, operandStart, operandEnd: close, end: close + 1 };
}

function nameAt(text: string, start: number): string {
  let end = start;
  while (end < text.length && /[A-Za-z0-9_]/.test(text[end] ?? '')) end += 1;
  return /^[A-Za-z_]/.test(text.slice(start, start + 1)) ? text.slice(start, end) : '';
}

/** Counts braces as Compose does: the character after an opening brace is never looked at; all on one line. */
function closingBrace(text: string, dollar: number): number | undefined {
  const newline = text.indexOf('\n', dollar);
  const end = newline === -1 ? text.length : newline;
  let open = 0;
  for (let index = dollar; index < end; index += 1) {
    if (text[index] === '}') {
      open -= 1;
      if (open === 0) return index;
    } else if (text[index] === '{') {
      open += 1;
      index += 1;
    }
  }
  const last = text.lastIndexOf('}', end - 1);
  return last > dollar ? last : undefined;
}

function replace(
  template: Template,
  found: { reference: Reference; dollar: number },
  context: Substitution,
): MappedText {
  const { reference, dollar } = found;
  const at = template.locate(dollar, reference.end);
  if (reference.kind === 'dollar') return mappedLiteral('$', { at, exact: false });
  if (reference.kind === 'invalid') return mappedUnknown('Compose refuses this interpolation', { at });
  const { name, operator } = reference;
  const value = context.lookup(name);
  const operand = () => readOperand(template, reference, context);
  if (value === undefined) return replaceUnset({ name, operator, at, operand });
  if (!value.known) return mappedUnknown(value.why, { at, trail: value.trail });
  const counts = !operator?.startsWith(':') || value.value !== '';
  if (operator?.endsWith('?') && !counts) {
    return mappedUnknown(`Compose refuses to start while ${name} is empty`, { at, trail: value.trail });
  }
  if (operator?.endsWith('+')) return counts ? operand() : mappedLiteral('', { at, exact: false });
  if (operator?.endsWith('-') && !counts) return operand();
  return mappedLiteral(value.value, { at: value.at, exact: false, trail: value.trail });
}

function replaceUnset(unset: {
  name: string;
  operator: string | undefined;
  at: Location;
  operand: () => MappedText;
}): MappedText {
  const { name, operator, at, operand } = unset;
  const hasDefault = operator !== undefined && !operator.endsWith('?');
  if (!hasDefault || shellVariables.has(name))
    return mappedUnknown(`comes from the shell: ${name} is not in .env`, { at });
  return operator.endsWith('-') ? operand() : mappedLiteral('', { at, exact: false });
}

/** The operand as a piece of its own: a fix must not edit across the braces around it. */
function readOperand(template: Template, reference: Reference, context: Substitution): MappedText {
  const { operandStart: start, operandEnd: end, name } = reference;
  if (context.depth >= maximumDepth) {
    return mappedUnknown('its references are nested too deeply', { at: template.locate(start, end) });
  }
  const inner = substitute(part(template, start, end), { ...context, depth: context.depth + 1 });
  if (unknownReason(inner) !== undefined) return inner;
  const hop: Hop = { at: template.locate(start, end), says: `default of \${${name}}` };
  return {
    text: inner.text,
    segments: inner.segments.map((segment) => ({ ...segment, exact: false, trail: [hop, ...segment.trail] })),
  };
}

function part(template: Template, start: number, end: number): Template {
  return {
    text: template.text.slice(start, end),
    literal: (from, to) => template.literal(start + from, start + to),
    locate: (from, to) => template.locate(start + from, start + to),
  };
}
