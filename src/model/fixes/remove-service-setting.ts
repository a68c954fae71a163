import { parseYaml } from '../../parse/yaml.ts';
import type { YamlEntry, YamlMapping } from '../../parse/yaml-tree.ts';
import type { SourceText } from '../../text/source-text.ts';
import { applyEdits, type TextEdit } from '../../text/span.ts';
import type { Edits } from '../fix.ts';
import type { Service } from '../stack.ts';
import { finishEdits, noEdits } from './finish-edits.ts';
import { endOfLine, indentationAt } from './line-places.ts';
import { editableOrigin } from './set-service-setting.ts';
import { endOfEntry } from './yaml-insert.ts';
import { differOnlyAt, placeOf, sharingOf } from './yaml-place.ts';

/**
 * Removes a key of the service with its lines, and the blocks that are empty without it. Does nothing when the key is not
 * there; refused for shared values and where only a merge key brings it.
 */
export function removeServiceSetting(service: Service, path: readonly string[]): Edits {
  const origin = editableOrigin(service);
  if ('refused' in origin) return origin;
  const { source, root, body } = origin;
  const way = findWay(body, path);
  if (way === 'alias') return { refused: 'the value comes through a YAML anchor' };
  const depth = way.findLastIndex(({ mapping }, index) => index === 0 || mapping.entries.length > 1);
  const step = way[depth];
  if (way.length < path.length || !step) return noEdits;
  if (step.mapping === body && body.entries.length === 1) return { refused: 'nothing would be left of the service' };
  for (const { entry } of way.slice(depth)) {
    const place = entry.value && placeOf(root, entry.value);
    const sharing = place && sharingOf(root, place);
    if (sharing !== undefined) return { refused: sharing };
  }
  const edit = step.mapping.flow ? removeFlow(source, step) : removeLines(source, step.entry);
  if (!edit) return { refused: 'the setting shares its line with others' };
  const result = finishEdits([edit]);
  if ('refused' in result) return result;
  const base = placeOf(root, body)?.path ?? [];
  const after = parseYaml(applyEdits(source, result.edits)).root;
  const kept = differOnlyAt([[...base, ...path.slice(0, depth + 1)]], { before: root, after });
  return kept ? result : { refused: 'the edit would change other parts of the file' };
}

interface Step {
  readonly mapping: YamlMapping;
  readonly entry: YamlEntry;
}

function findWay(body: YamlMapping, path: readonly string[]): readonly Step[] | 'alias' {
  const way: Step[] = [];
  let mapping: YamlMapping | undefined = body;
  for (const key of path) {
    const entry: YamlEntry | undefined = mapping?.entries.findLast((candidate) => candidate.key.text === key);
    if (!mapping || !entry) return way;
    if (entry.value?.kind === 'alias') return 'alias';
    way.push({ mapping, entry });
    mapping = entry.value?.kind === 'mapping' ? entry.value : undefined;
  }
  return way;
}

function removeLines(source: SourceText, entry: YamlEntry): TextEdit | undefined {
  const { text } = source;
  const indentation = indentationAt(text, entry.key.span.start);
  if (indentation === undefined) return undefined;
  const start = entry.key.span.start - indentation.length;
  const newline = text.indexOf('\n', endOfLine(text, endOfEntry(source, entry)));
  if (newline !== -1) return { source, span: { start, end: newline + 1 }, newText: '' };
  const before = text.slice(0, start).replace(/\r?\n$/, '').length;
  return { source, span: { start: before, end: text.length }, newText: '' };
}

function removeFlow(source: SourceText, { mapping, entry }: Step): TextEdit | undefined {
  const index = mapping.entries.indexOf(entry);
  const next = mapping.entries[index + 1];
  const previous = mapping.entries[index - 1];
  const span = next
    ? { start: entry.key.span.start, end: next.key.span.start }
    : previous && { start: endOfEntry(source, previous), end: endOfEntry(source, entry) };
  return span && { source, span, newText: '' };
}
