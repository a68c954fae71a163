import { type IniEntry, parseIni } from '../../parse/ini.ts';
import { concatMapped, type MappedText, mappedFrom, mappedLiteral, mappedUnknown } from '../../text/mapped-text.ts';
import { derive, type SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import { absolutePath } from '../image/image-stage.ts';
import type { Environment } from '../stack.ts';
import { cpuCountReason } from './shell-scope.ts';

/** One option of uWSGI, wherever it is written. */
export interface UwsgiOption {
  /** The long option without dashes. */
  readonly name: string;
  /** Undefined for an option without a value, which switches something on. */
  readonly value: MappedText | undefined;
  readonly at: Location;
  /** True where a condition decides that cannot be known. */
  readonly conditional: boolean;
}

export interface UwsgiFileInput {
  /** Absolute container path, with `:section` behind it where one is named. */
  readonly path: string;
  readonly read: (containerPath: string) => SourceText | undefined;
  readonly environment: Environment;
}

/** The options of an ini file and of those it includes; undefined when the file is not in the workspace or no ini file. */
export function readUwsgiFile(input: UwsgiFileInput, depth = 0): readonly UwsgiOption[] | undefined {
  const [path = '', section = 'uwsgi'] = input.path.split(':');
  const source = /\.ini$/.test(path) && depth < 5 ? input.read(path) : undefined;
  if (!source) return undefined;
  const entries = derive(source, { kind: 'ini plain', from: (text) => parseIni(text, 'plain') });
  const set = new Map<string, MappedText>();
  const conditions: (boolean | undefined)[] = [];
  const found: UwsgiOption[] = [];
  for (const entry of entries.filter((each) => each.section === section)) {
    if (/^if-/.test(entry.name)) conditions.push(holds(entry, { source, environment: input.environment }));
    else if (entry.name === 'endif') conditions.pop();
    else if (!conditions.includes(false)) {
      const value = expand(entry, { source, set, environment: input.environment });
      if (value) set.set(entry.name, value);
      const at = { source, span: entry.lines[0] ?? entry.nameSpan };
      found.push({ name: entry.name, value, at, conditional: conditions.includes(undefined) });
      if (entry.name === 'ini' && value) {
        const inner = absolutePath(path.replace(/\/[^/]*$/, '') || '/', value.text);
        found.push(...(readUwsgiFile({ ...input, path: inner }, depth + 1) ?? []));
      }
    }
  }
  return found;
}

/** `if-env = NAME` and `if-not-env = NAME`; undefined for other conditions and environments that are not fully known. */
function holds(entry: IniEntry, from: { source: SourceText; environment: Environment }): boolean | undefined {
  const span = entry.lines[0];
  const name = span && from.source.text.slice(span.start, span.end);
  if (!/^if-(not-)?env$/.test(entry.name) || name === undefined || !/^\w+$/.test(name)) return undefined;
  const isSet = from.environment.variables.has(name) || (from.environment.complete ? false : undefined);
  return isSet === undefined ? undefined : isSet !== (entry.name === 'if-not-env');
}

/** Puts `$(VARIABLE)` and `%(option)` in; `%k` is the number of CPUs, other magic words are not known. */
function expand(
  entry: IniEntry,
  from: { source: SourceText; set: ReadonlyMap<string, MappedText>; environment: Environment },
): MappedText | undefined {
  const { source, set, environment } = from;
  const [span] = entry.lines;
  if (!span) return undefined;
  const text = source.text.slice(span.start, span.end);
  const place = (start: number, end: number): Location => ({
    source,
    span: { start: span.start + start, end: span.start + end },
  });
  const pieces: MappedText[] = [];
  let done = 0;
  for (const match of text.matchAll(/\$\((\w+)\)|%\(([^()]*)\)|@\([^()]*\)|%[a-zA-Z]/g)) {
    const at = place(match.index, match.index + match[0].length);
    pieces.push(mappedFrom(place(done, match.index)));
    done = match.index + match[0].length;
    const variable = match[1] === undefined ? undefined : environment.variables.get(match[1]);
    const option = match[2] === undefined ? undefined : set.get(match[2].trim());
    if (variable?.known)
      pieces.push(mappedLiteral(variable.value, { at: variable.at, exact: false, trail: variable.trail }));
    else if (option) pieces.push(option);
    else {
      const why = /%k/.test(match[0]) ? cpuCountReason : (variable?.why ?? `${match[0]} is known only when uWSGI runs`);
      pieces.push(mappedUnknown(why, { at }));
    }
  }
  return concatMapped([...pieces, mappedFrom(place(done, text.length))]);
}
