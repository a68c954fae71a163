import { concatMapped, locateMapped, type MappedText, mappedLiteral, sliceMapped } from '../../text/mapped-text.ts';
import type { Location } from '../../text/span.ts';

/** Which options a program takes: by flag, the setting they set; `values` take an argument, `switches` do not. */
export interface OptionTable {
  readonly values: Readonly<Record<string, string>>;
  readonly switches: Readonly<Record<string, string>>;
  /** True for argparse, which accepts any unambiguous beginning of a long option. */
  readonly prefixes: boolean;
}

export interface ParsedOption {
  readonly setting: string;
  /** The option as written. */
  readonly flag: string;
  /** Its argument; undefined for a switch or when the line ends before it. */
  readonly value: MappedText | undefined;
  readonly at: Location;
}

export interface ParsedCommandLine {
  readonly options: readonly ParsedOption[];
  readonly positional: readonly MappedText[];
  /** Options that are not in the table. */
  readonly unrecognised: readonly { readonly flag: string; readonly at: Location }[];
}

/** Reads a program's arguments (without the program's own word). */
export function parseOptions(given: readonly MappedText[], table: OptionTable): ParsedCommandLine {
  let words = given;
  const options: ParsedOption[] = [];
  const positional: MappedText[] = [];
  const unrecognised: { flag: string; at: Location }[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (!word) continue;
    const at = locateMapped(word, { start: 0, end: word.text.length });
    if (!at || !/^-./.test(word.text) || /^-\d/.test(word.text)) {
      positional.push(word);
      continue;
    }
    if (word.text === '--') {
      positional.push(...words.slice(index + 1));
      break;
    }
    const bundle = table.prefixes ? splitBundle(word, table) : undefined;
    if (bundle) {
      options.push({ setting: table.switches[bundle.flag] ?? bundle.flag, flag: bundle.flag, value: undefined, at });
      words = [...words.slice(0, index), bundle.rest, ...words.slice(index + 1)];
      index--;
      continue;
    }
    const { flag, inline } = splitFlag(word, table);
    const setting = findSetting(flag, table);
    if (setting === undefined) {
      unrecognised.push({ flag, at });
      // An unknown option may take the next word; a word that looks like an option it surely does not take.
      if (
        !inline &&
        words[index + 1] &&
        !/^-/.test(words[index + 1]?.text ?? '-') &&
        !isProbablyOperand(words[index + 1])
      )
        index++;
    } else if (setting.takesValue && !inline) {
      // argparse takes no option for a value; other readers take the next word whatever it is.
      const isMissing = table.prefixes && isOptionWord(words[index + 1]);
      options.push({ setting: setting.name, flag, value: isMissing ? undefined : words[++index], at });
    } else options.push({ setting: setting.name, flag, value: inline, at });
  }
  return { options, positional, unrecognised };
}

/** `-RD`: a short switch with more behind it. */
function splitBundle(word: MappedText, table: OptionTable): { flag: string; rest: MappedText } | undefined {
  const flag = word.text.slice(0, 2);
  if (!/^-[A-Za-z]{2}/.test(word.text) || !Object.hasOwn(table.switches, flag)) return undefined;
  const rest = sliceMapped(word, { start: 2, end: word.text.length });
  const [first] = rest.segments;
  return first && { flag, rest: concatMapped([mappedLiteral('-', { at: first.at, exact: false }), rest]) };
}

function isOptionWord(word: MappedText | undefined): boolean {
  return word !== undefined && /^-[^\s\d]\S*$/.test(word.text);
}

function splitFlag(word: MappedText, table: OptionTable): { flag: string; inline: MappedText | undefined } {
  const equals = word.text.indexOf('=');
  if (equals > 0) {
    const inline = sliceMapped(word, { start: equals + 1, end: word.text.length });
    return { flag: word.text.slice(0, equals), inline };
  }
  const short = word.text.slice(0, 2);
  if (!word.text.startsWith('--') && word.text.length > 2 && Object.hasOwn(table.values, short)) {
    return { flag: short, inline: sliceMapped(word, { start: 2, end: word.text.length }) };
  }
  return { flag: word.text, inline: undefined };
}

function findSetting(flag: string, table: OptionTable): { name: string; takesValue: boolean } | undefined {
  if (Object.hasOwn(table.values, flag)) return { name: table.values[flag] ?? flag, takesValue: true };
  if (Object.hasOwn(table.switches, flag)) return { name: table.switches[flag] ?? flag, takesValue: false };
  if (!table.prefixes || !flag.startsWith('--')) return undefined;
  const matches = new Map<string, boolean>();
  for (const [known, name] of Object.entries(table.values)) if (known.startsWith(flag)) matches.set(name, true);
  for (const [known, name] of Object.entries(table.switches)) if (known.startsWith(flag)) matches.set(name, false);
  const [only] = matches;
  return matches.size === 1 && only ? { name: only[0], takesValue: only[1] } : undefined;
}

/** `package.module:object`: an application, not the argument of an unknown option. */
function isProbablyOperand(word: MappedText | undefined): boolean {
  return word !== undefined && /^[A-Za-z_][\w.]*:[A-Za-z_]/.test(word.text);
}
