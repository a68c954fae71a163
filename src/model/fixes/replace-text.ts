import { parseDockerfile } from '../../parse/dockerfile.ts';
import type { DockerfileInstruction } from '../../parse/dockerfile-tree.ts';
import { parseEnv } from '../../parse/env.ts';
import { parsePython } from '../../parse/python.ts';
import { parseSettings } from '../../parse/settings-file.ts';
import { parseYaml } from '../../parse/yaml.ts';
import { derive } from '../../text/source-text.ts';
import { applyEdits, containsSpan, type Location, type Span, textAt } from '../../text/span.ts';
import type { Edits } from '../fix.ts';
import { isDefault, type Value } from '../value.ts';
import { kindOfFile } from './file-kind.ts';
import { finishEdits, noEdits } from './finish-edits.ts';
import { isInterpolated } from './interpolation.ts';
import { literalAt } from './python-place.ts';
import { differOnlyAt, findScalar, sharingOf } from './yaml-place.ts';

/**
 * Writes a number where another is written: `4`, `"4"`, `-1`, Python's `None`. Refused for computed values, documented
 * defaults, and places whose text is not exactly that number. `60.0` stays a decimal number.
 */
export function replaceNumber(value: Value<number | null>, newValue: number): Edits {
  if (isDefault(value)) return { refused: 'it is a default: no file holds a number to replace' };
  const written = unquote(textAt(value.at)).inner.trim();
  if (!value.known || !agrees(written, value.value)) {
    return { refused: 'it is computed there, not written as a number' };
  }
  const decimal = /^[-+]?\d+\.\d+$/.test(written) && Number.isInteger(newValue);
  return replaceText(value.at, decimal ? `${newValue}.0` : String(newValue));
}

/**
 * Writes another text where a value or name is written; quotes around it stay. Refused in interpolations, shared YAML
 * anchors, escaped scalars, and where the place is not one written value.
 */
export function replaceText(at: Location, text: string): Edits {
  const written = textAt(at);
  if (/[\r\n]/.test(written) || /[\r\n]/.test(text)) return { refused: 'the value is written on several lines' };
  const kind = kindOfFile(at.source);
  if (written === '' && kind !== 'env') return { refused: 'nothing is written there' };
  if (kind !== 'python' && kind !== 'settings') {
    if (isInterpolated(at)) return { refused: 'the value comes from a variable' };
    if (text.includes('$')) return { refused: 'a $ in the new text would be taken for a variable' };
  }
  const place = narrow(at);
  if (textAt(place) === text || written === text) return noEdits;
  const refused = checkers[kind](place, text);
  return refused === undefined ? finishEdits([{ source: at.source, span: place.span, newText: text }]) : { refused };
}

/** The text between the quotes, when quotes enclose all of it. */
export function unquote(text: string): { readonly inner: string; readonly quote: string } {
  const [, quote = '', inner = text] = /^(["'`])(.*)\1$/.exec(text) ?? [];
  return { inner, quote };
}

/** True for words that mean the same to a shell, YAML, JSON and env files, with or without quotes. */
export function isPlainWord(text: string): boolean {
  return /^[\w@%+=:,./-]+$/.test(text);
}

function agrees(written: string, value: number | null): boolean {
  if (/^(none|null|~)$/i.test(written)) return value === null || value === Number.POSITIVE_INFINITY;
  if (!/^[-+]?(\d[\d_]*\.?\d*|\.\d+)$/.test(written)) return false;
  const number = Number(written.replaceAll('_', ''));
  // Libraries write "no bound" as -1 or 0.
  return (
    number === value || ((value === Number.POSITIVE_INFINITY || value === null) && (number === -1 || number === 0))
  );
}

function narrow(at: Location): Location {
  const { quote } = unquote(textAt(at));
  return quote === '' ? at : { source: at.source, span: { start: at.span.start + 1, end: at.span.end - 1 } };
}

type Checker = (place: Location, text: string) => string | undefined;

const notOneValue = 'the value is not written as one text there';

/** Each says why a place must not be edited, as the file's own format has it. */
const checkers: Readonly<Record<ReturnType<typeof kindOfFile>, Checker>> = {
  yaml: checkYaml,
  python: (place, text) => {
    const literal = literalAt(derive(place.source, { kind: 'python', from: parsePython }), place);
    if (!literal) return notOneValue;
    return literal === 'string' && /["'\\]/.test(text) ? 'the new text would need escapes' : undefined;
  },
  dockerfile: checkDockerfile,
  env: checkEnv,
  shell: (_, text) => (isPlainWord(text) ? undefined : 'the new text would need quotes'),
  settings: (place) => {
    const lines = (['mysql', 'postgresql', 'redis', 'pgbouncer'] as const).flatMap((dialect) =>
      parseSettings(place.source.text, dialect),
    );
    const spans = lines.flatMap((line) => (line.kind === 'setting' ? [line.nameSpan, line.valueSpan] : [line.span]));
    return spans.some((span) => containsSpan(span, place.span)) ? undefined : notOneValue;
  },
  other: () => undefined,
};

function checkYaml(place: Location, text: string): string | undefined {
  const { source, span } = place;
  const before = derive(source, { kind: 'yaml', from: parseYaml }).root;
  const found = findScalar(before, span);
  if (!found) return notOneValue;
  const sharing = sharingOf(before, found);
  if (sharing !== undefined) return sharing;
  if (found.node.offsets === undefined) return 'the value is written with escapes';
  const after = parseYaml(applyEdits(source, [{ source, span, newText: text }])).root;
  const again = findScalar(after, { start: span.start, end: span.start + text.length });
  const expected = found.node.text.length + text.length - (span.end - span.start);
  const kept = again?.node.text.length === expected && again.node.style === found.node.style;
  if (found.node.style === 'folded' && !isPlainWord(text)) return 'the new text would need quotes';
  return kept && differOnlyAt([found.path], { before, after }) ? undefined : 'the new text would need quotes';
}

function checkDockerfile(place: Location, text: string): string | undefined {
  const { stages, globalArguments } = derive(place.source, { kind: 'dockerfile', from: parseDockerfile });
  if (globalArguments.some((variable) => containsSpan(variable.valueSpan, place.span))) return undefined;
  const instruction = stages
    .flatMap((stage) => stage.instructions)
    .find((candidate) => containsSpan(candidate.span, place.span));
  if (!instruction || !isEditable(instruction, place.span)) return notOneValue;
  return isPlainWord(text) ? undefined : 'the new text would need quotes';
}

function isEditable(instruction: DockerfileInstruction, span: Span): boolean {
  if (instruction.kind === 'variables') {
    return instruction.variables.some((variable) => containsSpan(variable.valueSpan, span));
  }
  if (instruction.kind !== 'command' || instruction.form.kind === 'shell') return instruction.kind !== 'copy';
  return instruction.form.items.some((item) => item.exact && containsSpan(item.span, span));
}

function checkEnv(place: Location, text: string): string | undefined {
  const { source, span } = place;
  const after = applyEdits(source, [{ source, span, newText: text }]);
  for (const dialect of ['compose', 'python-dotenv'] as const) {
    const before = parseEnv(source.text, dialect).entries;
    const index = before.findIndex((entry) => entry.value && containsSpan(entry.value.span, span));
    const value = before[index]?.value;
    if (!value?.exact) return notOneValue;
    const offset = span.start - value.span.start;
    const expected = value.text.slice(0, offset) + text + value.text.slice(offset + span.end - span.start);
    if (parseEnv(after, dialect).entries[index]?.value?.text !== expected) return 'the new text would need quotes';
  }
  return undefined;
}
