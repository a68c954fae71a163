/** Where a command writes and from where it reads paths; tests hand in their own. */
export interface Terminal {
  /** Absolute path against which arguments are resolved. */
  readonly folder: string;
  readonly colors: boolean;
  out(text: string): void;
  err(text: string): void;
}

/** 0: clean; 1: findings at or above the threshold; 2: usage or internal error, or an invalid configuration. */
export type ExitCode = 0 | 1 | 2;

/** A mistake of the caller, said in one line; the command ends with 2. */
export class UsageError extends Error {}

const codes = { bold: 1, dim: 2, red: 31, yellow: 33, blue: 34, cyan: 36, green: 32 } as const;

/** Puts a text into a colour where the terminal shows colours. */
export function paint(text: string, style: { readonly color: keyof typeof codes; readonly on: boolean }): string {
  return style.on ? `\u001B[${codes[style.color]}m${text}\u001B[0m` : text;
}

/** Text of the user's files without control characters, which a terminal would obey. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to take out
  return text.replace(/[\u0000-\u0008\u000A-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g, '\u00B7');
}
