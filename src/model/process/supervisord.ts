import { type IniEntry, parseIni } from '../../parse/ini.ts';
import { splitShlex } from '../../parse/shlex.ts';
import {
  concatMapped,
  locateMapped,
  type MappedText,
  mappedFrom,
  mappedLiteral,
  mappedUnknown,
  sliceMapped,
  trailOf,
  unknownReason,
} from '../../text/mapped-text.ts';
import { derive, type SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import { absolutePath } from '../image/image-stage.ts';
import { textValue } from '../mapped-value.ts';
import type { Environment } from '../stack.ts';
import type { Value } from '../value.ts';
import { folderOf, nameOf } from '../workspace.ts';
import { parseOptions } from './command-options.ts';
import { defaultNumber, lastOption, textNumber } from './server-settings.ts';
import type { SupervisedProgram, SupervisorStart, SupervisorTools } from './supervised-program.ts';

/** The programs that supervisord starts; undefined when its configuration is not in the workspace. */
export function readSupervisord(
  start: SupervisorStart,
  tools: SupervisorTools,
): readonly SupervisedProgram[] | undefined {
  const named = lastOption(parseOptions(start.words.slice(1), options), 'config')?.value?.text;
  const paths = (named === undefined ? searched : [named]).map((path) => absolutePath(start.workingDirectory, path));
  const main = paths.find((path) => tools.container.find(path) !== undefined);
  const entries = main === undefined ? packaged(paths, tools) : readFile(main, tools);
  if (!entries || entries.length === 0) return undefined;
  const common = environmentOf(start.environment, { entries: sectionOf(entries, 'supervisord'), start });
  const names = new Set(entries.map(({ section }) => section).filter((section) => /^(fcgi-)?program:/.test(section)));
  return [...names].flatMap(
    (section) => readProgram(sectionOf(entries, section), { ...start, environment: common }) ?? [],
  );
}

const options = {
  prefixes: true,
  values: { '-c': 'config', '--configuration': 'config', '-u': 'user', '-l': 'log', '-e': 'log', '-j': 'pid' },
  switches: { '-n': 'foreground', '--nodaemon': 'foreground' },
};

/** Where supervisord looks without `-c` (supervisor/options.py: Options.default_configfile), as in a container. */
const searched = [
  'supervisord.conf',
  'etc/supervisord.conf',
  '/etc/supervisord.conf',
  '/etc/supervisor/supervisord.conf',
];

interface Entry extends IniEntry {
  readonly source: SourceText;
  /** Container folder of the file, for `%(here)s`. */
  readonly here: string;
}

/** Debian's package brings a main file that includes this folder. */
function packaged(paths: readonly string[], tools: SupervisorTools): readonly Entry[] | undefined {
  if (!paths.includes('/etc/supervisor/supervisord.conf')) return undefined;
  return readPattern('/etc/supervisor/conf.d/*.conf', tools);
}

function readFile(path: string, tools: SupervisorTools): readonly Entry[] {
  const entries = readEntries(path, tools);
  const included = entries.filter(({ section, name }) => section === 'include' && name === 'files');
  const patterns = included.flatMap((entry) => rawText(entry).split(/\s+/)).filter((pattern) => pattern !== '');
  const here = folderOf(path);
  return [
    ...entries,
    ...patterns
      .slice(0, 50)
      .flatMap((pattern) => readPattern(absolutePath(here, pattern.replaceAll('%(here)s', here)), tools)),
  ];
}

function readPattern(pattern: string, tools: SupervisorTools): readonly Entry[] {
  if (!/[*?[]/.test(pattern)) return readEntries(pattern, tools);
  const folder = folderOf(pattern);
  const name = new RegExp(
    `^${nameOf(pattern)
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*+/g, '.*')
      .replaceAll('?', '.')}$`,
  );
  const names = tools.container.names(folder).filter((each) => name.test(each));
  return names.slice(0, 100).flatMap((each) => readEntries(`${folder}/${each}`, tools));
}

function readEntries(path: string, tools: SupervisorTools): readonly Entry[] {
  const found = tools.container.find(path);
  const source = found === undefined ? undefined : tools.files.read(found);
  if (!source) return [];
  const entries = derive(source, { kind: 'ini python', from: (text) => parseIni(text, 'python') });
  return entries.map((entry) => ({ ...entry, source, here: folderOf(path) }));
}

function sectionOf(entries: readonly Entry[], section: string): ReadonlyMap<string, Entry> {
  return new Map(
    entries.filter((entry) => entry.section === section).map((entry) => [entry.name.toLowerCase(), entry]),
  );
}

function readProgram(entries: ReadonlyMap<string, Entry>, start: SupervisorStart): SupervisedProgram | undefined {
  const command = entries.get('command');
  if (!command || command.lines.length === 0) return undefined;
  const autostart = entries.get('autostart');
  if (autostart && /^(false|no|off|0)$/i.test(rawText(autostart))) return undefined;
  const { environment } = start;
  const directory = entries.get('directory');
  const at = placeOf(command);
  const number = (name: 'numprocs' | 'stopwaitsecs'): Value<number> => {
    const entry = entries.get(name);
    const work = { cast: 'int' as const, refusals: [], setting: name };
    return entry
      ? textNumber(expand(entry, environment), { ...work, at: placeOf(entry) })
      : defaultNumber(`supervisor.${name}`, at);
  };
  return {
    words: splitWords(expand(command, environment)),
    at,
    trail: [{ at, says: `runs ${command.section.replace(/^.*:/, '')} under supervisord` }],
    environment: environmentOf(environment, { entries, start }),
    workingDirectory: directory
      ? absolutePath(start.workingDirectory, expand(directory, environment).text)
      : start.workingDirectory,
    supervised: { copies: number('numprocs'), stopPeriodSeconds: number('stopwaitsecs') },
  };
}

/** `environment=A="1",B=2` beside what the section inherits. */
function environmentOf(
  outer: Environment,
  from: { entries: ReadonlyMap<string, Entry>; start: SupervisorStart },
): Environment {
  const entry = from.entries.get('environment');
  if (!entry) return outer;
  const text = expand(entry, outer);
  const variables = new Map(outer.variables);
  for (const match of text.text.matchAll(/([A-Za-z_]\w*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^,\s]*))/g)) {
    const value = match[2] ?? match[3] ?? match[4] ?? '';
    const begin = match.index + match[0].length - value.length - (match[4] === undefined ? 1 : 0);
    variables.set(
      match[1] ?? '',
      textValue(sliceMapped(text, { start: begin, end: begin + value.length }), placeOf(entry)),
    );
  }
  return { ...outer, variables };
}

function placeOf(entry: Entry): Location {
  const first = entry.lines[0] ?? entry.nameSpan;
  return { source: entry.source, span: { start: first.start, end: (entry.lines.at(-1) ?? first).end } };
}

function rawText({ source, lines }: Entry): string {
  return lines.map(({ start, end }) => source.text.slice(start, end)).join('\n');
}

/** The value with `%(ENV_NAME)s`, `%(here)s` and the program's own names put in. */
function expand(entry: Entry, environment: Environment): MappedText {
  const { source } = entry;
  return concatMapped(
    entry.lines.flatMap((span, index) => {
      const blank = mappedLiteral('\n', { at: { source, span }, exact: false });
      const line = expandLine(entry, { span, environment });
      return index === 0 ? line : [blank, ...line];
    }),
  );
}

function expandLine(entry: Entry, work: { span: Location['span']; environment: Environment }): MappedText[] {
  const { source, here, section } = entry;
  const text = source.text.slice(work.span.start, work.span.end);
  const place = (start: number, end: number): Location => ({
    source,
    span: { start: work.span.start + start, end: work.span.start + end },
  });
  const pieces: MappedText[] = [];
  let done = 0;
  for (const match of text.matchAll(/%%|%\((\w+)\)[0-9]*[sd]/g)) {
    const at = place(match.index, match.index + match[0].length);
    pieces.push(mappedFrom(place(done, match.index)));
    done = match.index + match[0].length;
    const name = match[1];
    const own =
      name === undefined
        ? '%'
        : name === 'here'
          ? here
          : name === 'program_name'
            ? section.replace(/^.*:/, '')
            : undefined;
    if (own !== undefined) pieces.push(mappedLiteral(own, { at, exact: false }));
    else pieces.push(expandVariable(name ?? '', { at, environment: work.environment }));
  }
  return [...pieces, mappedFrom(place(done, text.length))];
}

function expandVariable(name: string, work: { at: Location; environment: Environment }): MappedText {
  const { at, environment } = work;
  const value = name.startsWith('ENV_') ? environment.variables.get(name.slice(4)) : undefined;
  if (value?.known) return mappedLiteral(value.value, { at: value.at, exact: false, trail: value.trail });
  return mappedUnknown(value?.why ?? `${name} is known only when supervisord runs`, { at });
}

function splitWords(text: MappedText): readonly MappedText[] {
  return splitShlex(text.text).map((word) => {
    const whole = sliceMapped(text, word.span);
    if (word.exact) return whole;
    const at = locateMapped(text, word.span) ?? whole.segments[0]?.at;
    const why = unknownReason(whole);
    if (!at) return { text: word.text, segments: [] };
    return why === undefined
      ? mappedLiteral(word.text, { at, exact: false, trail: trailOf(whole) })
      : mappedUnknown(why, { at, trail: trailOf(whole) });
  });
}
