import { parseYaml } from '../../parse/yaml.ts';
import { entryOf, sharedNodes } from '../../parse/yaml-read.ts';
import type { YamlEntry, YamlMapping, YamlNode, YamlScalar } from '../../parse/yaml-tree.ts';
import type { SourceText } from '../../text/source-text.ts';
import { applyEdits, type TextEdit } from '../../text/span.ts';
import type { Edits } from '../fix.ts';
import type { ComposeOrigin, Service } from '../stack.ts';
import { finishEdits } from './finish-edits.ts';
import { isPlainWord, unquote } from './replace-text.ts';
import { entryBefore } from './service-order.ts';
import { insertBelowKey, insertEntries, type NewEntry, type NewValue, stepAlong } from './yaml-insert.ts';
import { differOnlyAt, placeOf, preferredQuote, sharingOf } from './yaml-place.ts';

/** One key of a service: `['deploy', 'resources', 'limits', 'memory']`, `['mem_limit']`. */
export interface ServiceSetting {
  readonly path: readonly string[];
  /** The value as YAML says it; in quotes (`'2'`) when it must be quoted where it is new. */
  readonly text: string;
}

/** Writes one key of the service in its compose file; see `setServiceSettings`. */
export function setServiceSetting(service: Service, path: readonly string[], text: string): Edits {
  return setServiceSettings(service, [{ path, text }]);
}

/**
 * Writes keys of a service in its compose file: replaces a scalar that is there (its quotes stay), else adds what is
 * missing of the block in the file's own indentation. Refused for services, blocks or values that an anchor, alias or
 * merge key shares, for interpolated and for folded values.
 */
export function setServiceSettings(service: Service, settings: readonly ServiceSetting[]): Edits {
  const origin = editableOrigin(service);
  if ('refused' in origin) return origin;
  const quote = preferredQuote(origin.root);
  const tree = settings.reduce<readonly NewEntry[]>((entries, { path, text }) => {
    return path.length === 0
      ? entries
      : merge(entries, { path, value: { kind: 'scalar', source: quoted(text, quote) } });
  }, []);
  return writeServiceEntries(origin, tree);
}

/** Writes entries into a service's mapping, and checks that nothing else of the file changed. */
export function writeServiceEntries(origin: ComposeOrigin, entries: readonly NewEntry[]): Edits {
  const place = placeOf(origin.root, origin.body);
  if (!place) return { refused: 'the service is not written in this file' };
  const writing: Writing = {
    origin,
    shared: sharedNodes(origin.root),
    step: stepAlong(origin.source, [...place.ancestors, origin.body]),
    edits: [],
  };
  const refused = writeInto(writing, { mapping: origin.body, entries, top: true });
  if (refused !== undefined) return { refused };
  const result = finishEdits(writing.edits);
  if ('refused' in result || result.edits.length === 0) return result;
  const after = parseYaml(applyEdits(origin.source, result.edits)).root;
  const kept = differOnlyAt(leafPaths(entries, place.path), { before: origin.root, after });
  return kept ? result : { refused: 'the edit would change other parts of the file' };
}

/** The service's mapping where fixes may write; refused when there is none or others share it. */
export function editableOrigin(service: Service): ComposeOrigin | { readonly refused: string } {
  const origin = service.compose;
  if (!origin) return { refused: 'the service is written in no compose file' };
  if (origin.sharedThrough !== undefined) {
    return { refused: `the service is shared through the YAML anchor ${origin.sharedThrough}` };
  }
  return origin;
}

interface Writing {
  readonly origin: ComposeOrigin;
  readonly shared: ReadonlySet<YamlNode>;
  readonly step: string;
  readonly edits: TextEdit[];
}

interface Target {
  readonly mapping: YamlMapping;
  readonly entries: readonly NewEntry[];
  readonly top: boolean;
}

function writeInto(writing: Writing, { mapping, entries, top }: Target): string | undefined {
  const { source } = writing.origin;
  const missing: NewEntry[] = [];
  for (const entry of entries) {
    const own = mapping.entries.findLast((candidate) => candidate.key.text === entry.key);
    const refused = own ? writeEntry(writing, { own, wanted: entry }) : hiddenBy(mapping, entry);
    if (refused !== undefined) return refused;
    if (!own) missing.push(entry);
  }
  for (const [behind, group] of groupByPlace(mapping, { missing, top })) {
    writing.edits.push(insertEntries({ source, mapping, behind }, group, { step: writing.step }));
  }
  return undefined;
}

/** A scalar of its own hides what a merge key brings; a block would drop the rest of the merged one. */
function hiddenBy(mapping: YamlMapping, { key, value }: NewEntry): string | undefined {
  const merged = entryOf(mapping, key);
  if (!merged || value.kind === 'scalar') return undefined;
  return `${key} comes through the YAML anchor ${merged.sharedThrough ?? 'of a merge key'}`;
}

function groupByPlace(
  mapping: YamlMapping,
  wanted: { missing: readonly NewEntry[]; top: boolean },
): Map<YamlEntry | undefined, NewEntry[]> {
  const groups = new Map<YamlEntry | undefined, NewEntry[]>();
  for (const entry of wanted.missing) {
    const behind = wanted.top && !mapping.flow ? entryBefore(mapping, entry.key) : mapping.entries.at(-1);
    groups.set(behind, [...(groups.get(behind) ?? []), entry]);
  }
  return groups;
}

function writeEntry(writing: Writing, found: { own: YamlEntry; wanted: NewEntry }): string | undefined {
  const { own, wanted } = found;
  const { source, root } = writing.origin;
  const value = own.value;
  if (value?.kind === 'alias' || (value && writing.shared.has(value)) || value?.tag !== undefined) {
    const place = placeOf(root, value);
    return (place && sharingOf(root, place)) ?? 'the value is shared through a YAML anchor';
  }
  if (wanted.value.kind === 'scalar') return writeScalar(writing, { own, text: wanted.value.source });
  if (wanted.value.kind === 'list') return `${wanted.key} is written there already`;
  if (!value) {
    writing.edits.push(insertBelowKey({ source, entry: own }, wanted.value.entries, { step: writing.step }));
    return undefined;
  }
  if (value.kind !== 'mapping') return `${wanted.key} is written in another form`;
  return writeInto(writing, { mapping: value, entries: wanted.value.entries, top: false });
}

function writeScalar(writing: Writing, found: { own: YamlEntry; text: string }): string | undefined {
  const { source } = writing.origin;
  const { own, text } = found;
  if (!own.value) {
    const at = own.key.span.end + (/^\s*:/.exec(source.text.slice(own.key.span.end))?.[0].length ?? 1);
    writing.edits.push({ source, span: { start: at, end: at }, newText: ` ${text}` });
    return undefined;
  }
  if (own.value.kind !== 'scalar') return `${own.key.text} is written in another form`;
  const { inner } = unquote(text);
  if (own.value.text === inner) return undefined;
  const refused = refuseScalar(source, own.value);
  if (refused !== undefined) return refused;
  const quote = own.value.style === 'double' ? '"' : own.value.style === 'single' ? "'" : '';
  const newText = quote === '' && !isPlainWord(inner) ? text : `${quote}${inner}${quote}`;
  writing.edits.push({ source, span: own.value.span, newText });
  return undefined;
}

function refuseScalar(source: SourceText, scalar: YamlScalar): string | undefined {
  if (scalar.text.includes('$')) return 'the value comes from a variable';
  if (scalar.style === 'folded' || scalar.style === 'literal') return 'the value is written as a block';
  const written = source.text.slice(scalar.span.start, scalar.span.end);
  return written.includes('\n') ? 'the value is written on several lines' : undefined;
}

function quoted(text: string, quote: '"' | "'"): string {
  const { inner, quote: given } = unquote(text);
  if (given === '') return isPlainWord(text) ? text : `${quote}${text}${quote}`;
  return `${quote}${inner}${quote}`;
}

/** Joins settings that go into the same block. */
function merge(
  entries: readonly NewEntry[],
  setting: { path: readonly string[]; value: NewValue },
): readonly NewEntry[] {
  const [key = '', ...rest] = setting.path;
  const found = entries.find((entry) => entry.key === key);
  const inner = found?.value.kind === 'mapping' ? found.value.entries : [];
  const value: NewValue =
    rest.length === 0
      ? setting.value
      : { kind: 'mapping', entries: merge(inner, { path: rest, value: setting.value }) };
  const entry = { key, value };
  return found ? entries.map((candidate) => (candidate === found ? entry : candidate)) : [...entries, entry];
}

function leafPaths(entries: readonly NewEntry[], base: readonly string[]): readonly (readonly string[])[] {
  return entries.flatMap(({ key, value }) =>
    value.kind === 'mapping' ? leafPaths(value.entries, [...base, key]) : [[...base, key]],
  );
}
