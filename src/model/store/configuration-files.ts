import { type IncludeLine, parseSettings, type SettingLine, type SettingsDialect } from '../../parse/settings-file.ts';
import { derive, type SourceText } from '../../text/source-text.ts';
import type { Mount } from '../stack.ts';
import { unknown } from '../value.ts';
import type { StoreInput } from './store-input.ts';
import { lineValue, type SettingStep } from './store-settings.ts';

/** How a program reads its configuration files. */
export interface FileReader {
  readonly input: StoreInput;
  readonly dialect: SettingsDialect;
  /** The setting a line makes, by the name that steps are looked up by; undefined for lines of other programs. */
  readonly step: (line: SettingLine, source: SourceText) => SettingStep | undefined;
  /** Files of an included folder that are taken. */
  readonly takes: (name: string) => boolean;
  /** Paths in the container of every file that is read, for those that are not. */
  readonly loaded: Set<string>;
}

/** Reads a file with what it includes, in the order of its lines; a file that is not in the workspace hides anything. */
export function readConfigurationFile(path: string, reader: FileReader): readonly SettingStep[] {
  return readFile(path, reader, { from: undefined, open: [] });
}

/** Reads what stands directly in a folder, in the order of the names. */
export function readConfigurationFolder(folder: string, reader: FileReader): readonly SettingStep[] {
  return readFolder(folder, reader, { from: undefined, open: [] });
}

/** True when a mount covers the path: the file, or a folder above it. */
export function isMounted(input: StoreInput, path: string): boolean {
  return input.mounts.some(({ target }) => target === path || path.startsWith(`${target}/`));
}

/** The step that makes nothing of a server's settings certain. */
export function hiddenStep(why: string, input: StoreInput): SettingStep {
  return { hidden: why, at: input.at };
}

/** The step of a line that sets `name`, as written. */
export function plainStep(name: string, line: SettingLine, source: SourceText): SettingStep {
  return { name, value: lineValue(line, { source, alone: '' }) };
}

interface Place {
  /** The file that includes this one. */
  readonly from: string | undefined;
  /** Files that are being read, outermost first. */
  readonly open: readonly string[];
}

/** Deeper chains of includes are refused by PostgreSQL (10) and never written. */
const deepest = 10;

function readFile(path: string, reader: FileReader, place: Place): readonly SettingStep[] {
  const { input, dialect } = reader;
  if (place.open.includes(path) || place.open.length > deepest) return [hiddenStep(`${path} includes itself`, input)];
  reader.loaded.add(path);
  const source = input.fileAt(path);
  if (!source)
    return [
      hiddenStep(
        place.from === undefined
          ? 'the configuration file that the command names is not in the workspace'
          : `${path}, which ${place.from} includes, is not in the workspace`,
        input,
      ),
    ];
  const entries = derive(source, { kind: `settings-${dialect}`, from: (text) => parseSettings(text, dialect) });
  const inner = { from: path, open: [...place.open, path] };
  return entries.flatMap((entry) => {
    if (entry.kind === 'include') return readInclude(entry, reader, inner);
    return reader.step(entry, source) ?? [];
  });
}

function readInclude(include: IncludeLine, reader: FileReader, place: Place): readonly SettingStep[] {
  const path = absolutePath(include.path, { reader, from: place.from ?? '/' });
  if (include.reads === 'folder') return readFolder(path, reader, place);
  if (/[*?[]/.test(path)) return [hiddenStep(`${place.from} includes several files`, reader.input)];
  if (include.reads === 'file-if-there' && !reader.input.fileAt(path) && !isMounted(reader.input, path)) return [];
  return readFile(path, reader, place);
}

function readFolder(folder: string, reader: FileReader, place: Place): readonly SettingStep[] {
  const { input } = reader;
  const names = input.namesIn(folder).filter((name) => reader.takes(name));
  const isUnseen = ({ target }: Mount) =>
    target === folder
      ? names.length === 0
      : parent(target) === folder && reader.takes(nameOf(target)) && !names.includes(nameOf(target));
  const unseen = input.mounts.find(isUnseen);
  if (unseen) return [hiddenStep(`what is mounted at ${unseen.target} is not in the workspace`, input)];
  return names.flatMap((name) => readFile(`${folder}/${name}`, reader, { ...place, from: place.from ?? folder }));
}

/** Redis and PgBouncer read relative paths from their working directory, the others from the folder of the file. */
function absolutePath(path: string, from: { reader: FileReader; from: string }): string {
  const { dialect, input } = from.reader;
  const base = dialect === 'redis' || dialect === 'pgbouncer' ? input.workingDirectory : parent(from.from);
  return cleanPath(path.startsWith('/') ? path : `${base}/${path}`);
}

/** A container path without `.`, `..` and doubled or trailing slashes. */
export function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A setting of which it is not known whether the program reads it. */
export function doubtfulStep(name: string, why: string, place: { line: SettingLine; source: SourceText }): SettingStep {
  return { name, value: unknown(why, { source: place.source, span: place.line.valueSpan }) };
}
