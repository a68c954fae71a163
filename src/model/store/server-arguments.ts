import { type MappedText, sliceMapped } from '../../text/mapped-text.ts';
import type { Location } from '../../text/span.ts';
import { textValue } from '../mapped-value.ts';
import type { Value } from '../value.ts';

/** Settings on a database server's command line, by normalised name (dashes as underscores, lower case). */
export interface ServerArguments {
  readonly settings: ReadonlyMap<string, Value<string>>;
  /** Words that are no options: Redis' configuration file. */
  readonly operands: readonly MappedText[];
}

/** Reads `-c name=value`, `--name=value` and `-N 200` of postgres, and `--name=value` or `--name value` of mysqld. */
export function readDatabaseArguments(words: readonly MappedText[], at: Location): ServerArguments {
  const settings = new Map<string, Value<string>>();
  const operands: MappedText[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (!word) continue;
    if ((word.text === '-c' || word.text === '-o') && words[index + 1]) addPair(words[++index], { settings, at });
    else if (/^-c./.test(word.text)) addPair(from(word, 2), { settings, at });
    else if (word.text === '-N' && words[index + 1])
      settings.set('max_connections', textValue(words[++index] ?? word, at));
    else if (/^--[A-Za-z]/.test(word.text) && word.text.includes('=')) addPair(from(word, 2), { settings, at });
    else if (/^--[A-Za-z]/.test(word.text)) {
      const next = words[index + 1];
      if (next && !next.text.startsWith('-')) {
        settings.set(normalise(word.text.slice(2)), textValue(next, at));
        index++;
      } else settings.set(normalise(word.text.slice(2)), { known: true, value: 'on', at, trail: [] });
    } else operands.push(word);
  }
  return { settings, operands };
}

/** Reads redis-server's options, where an option takes the words up to the next one: `--save 60 1 --appendonly yes`. */
export function readRedisArguments(words: readonly MappedText[], at: Location): ServerArguments {
  const settings = new Map<string, Value<string>>();
  const operands: MappedText[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (!word) continue;
    if (!/^--[A-Za-z]/.test(word.text)) {
      operands.push(word);
      continue;
    }
    const next = words[index + 1];
    const hasValue = next !== undefined && !/^--[A-Za-z]/.test(next.text);
    settings.set(
      word.text.slice(2).toLowerCase(),
      hasValue ? textValue(next, at) : { known: true, value: '', at, trail: [] },
    );
    while (words[index + 1] && !/^--[A-Za-z]/.test(words[index + 1]?.text ?? '')) index++;
  }
  return { settings, operands };
}

function addPair(word: MappedText | undefined, work: { settings: Map<string, Value<string>>; at: Location }): void {
  const equals = word?.text.indexOf('=') ?? -1;
  if (!word || equals === -1) return;
  const value = textValue(from(word, equals + 1), work.at);
  work.settings.set(normalise(word.text.slice(0, equals)), value);
}

function from(word: MappedText, start: number): MappedText {
  return sliceMapped(word, { start, end: word.text.length });
}

function normalise(name: string): string {
  return name.trim().replaceAll('-', '_').toLowerCase();
}
