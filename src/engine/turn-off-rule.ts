import type { Edits } from '../model/fix.ts';
import { parseYaml } from '../parse/yaml.ts';
import type { YamlEntry, YamlMapping } from '../parse/yaml-tree.ts';
import { lineEnding, positionAt, type SourceText } from '../text/source-text.ts';
import type { Span } from '../text/span.ts';

/** The text of a `headroom.yaml` that only turns one rule off. */
export function configurationWithout(rule: string): string {
  return `rules:\n  ${rule}: off\n`;
}

/** The edit of an existing `headroom.yaml` that turns a rule off; refused where the file's form leaves no safe place. */
export function turnOffRule(rule: string, source: SourceText): Edits {
  const document = parseYaml(source.text);
  if (document.errors.length > 0 || document.documentCount > 1) return { refused: 'headroom.yaml is not valid YAML.' };
  const { root } = document;
  const edit = (span: Span, newText: string): Edits => ({ edits: [{ source, span, newText }] });
  const eol = lineEnding(source);
  if (root && root.kind !== 'mapping' && !(root.kind === 'scalar' && root.value === null))
    return { refused: 'headroom.yaml is not a mapping.' };
  if (root?.kind === 'mapping') {
    const section = root.entries.find((entry) => entry.key.text === 'rules');
    if (section) return addToSection(section, { rule, source, edit });
    if (root.flow) return edit(head(root), join(root, `rules: { ${rule}: off }`));
  }
  const end = source.text.length;
  const gap = source.text === '' || source.text.endsWith('\n') ? '' : eol;
  return edit({ start: end, end }, `${gap}${configurationWithout(rule).replaceAll('\n', eol)}`);
}

interface Work {
  readonly rule: string;
  readonly source: SourceText;
  readonly edit: (span: Span, newText: string) => Edits;
}

function addToSection(section: YamlEntry, { rule, source, edit }: Work): Edits {
  const { value } = section;
  if (value?.kind === 'mapping') {
    const entry = value.entries.find((candidate) => candidate.key.text === rule);
    if (entry) return turnOff(entry, { rule, source, edit });
    if (value.flow) return edit(head(value), join(value, `${rule}: off`));
  } else if (value && !(value.kind === 'scalar' && value.text === '')) {
    return { refused: '"rules" in headroom.yaml is not a mapping.' };
  }
  const first = value?.kind === 'mapping' ? value.entries[0] : undefined;
  const outer = positionAt(source, section.key.span.start);
  const column = first ? positionAt(source, first.key.span.start).column : outer.column + 2;
  const nextLine = source.lineStarts[outer.line + 1];
  const indented = `${' '.repeat(column)}${rule}: off`;
  if (nextLine === undefined)
    return edit({ start: source.text.length, end: source.text.length }, `${lineEnding(source)}${indented}`);
  return edit({ start: nextLine, end: nextLine }, `${indented}${lineEnding(source)}`);
}

function turnOff(entry: YamlEntry, { source, edit }: Work): Edits {
  const { value } = entry;
  if (value?.kind === 'alias' || value?.kind === 'sequence')
    return { refused: `"${entry.key.text}" is set in headroom.yaml in a form that cannot be changed safely.` };
  if (value?.kind === 'scalar' && value.text !== '') return edit(value.span, 'off');
  if (value?.kind === 'mapping') {
    const severity = value.entries.find((candidate) => candidate.key.text === 'severity');
    if (severity) return turnOff(severity, { rule: entry.key.text, source, edit });
    if (value.flow) return edit(head(value), join(value, 'severity: off'));
    const column = positionAt(source, value.span.start).column;
    return edit(startOf(value.span), `severity: off${lineEnding(source)}${' '.repeat(column)}`);
  }
  const colon = source.text.indexOf(':', entry.key.span.end) + 1;
  return edit({ start: colon, end: colon }, ' off');
}

/** Behind the opening brace. */
function head(mapping: YamlMapping): Span {
  return { start: mapping.span.start + 1, end: mapping.span.start + 1 };
}

function join(mapping: YamlMapping, entry: string): string {
  return mapping.entries.length > 0 ? ` ${entry},` : ` ${entry} `;
}

function startOf(span: Span): Span {
  return { start: span.start, end: span.start };
}
