/**
 * Escapes of a double-quoted value in Compose (compose-go dotenv/parser.go). `\$` gives `$$`, which interpolation then
 * turns into a dollar sign; an unknown escape stays as it is.
 */
export function decodeComposeDouble(raw: string): string {
  return raw.replace(
    /\\(?:0([0-9]{0,3})|([abfnrtv$"\\]))/g,
    (match, digits: string | undefined, letter: string | undefined) => {
      if (digits !== undefined) return decodeOctal(digits);
      if (letter === '$') return '$$';
      return letterEscapes.get(letter ?? '') ?? match;
    },
  );
}

/** A single-quoted value in Compose: only the quote can be escaped. */
export function decodeComposeSingle(raw: string): string {
  return raw.replace(/\\([\s\S])/g, (match, letter: string) => (letter === "'" ? letter : match));
}

/** Escapes of a double-quoted value in python-dotenv (src/dotenv/parser.py). */
export function decodePythonDouble(raw: string): string {
  return raw.replace(/\\([\\'"abfnrtv])/g, (match, letter: string) => letterEscapes.get(letter) ?? match);
}

/** Escapes of a single-quoted value in python-dotenv. */
export function decodePythonSingle(raw: string): string {
  return raw.replace(/\\([\\'])/g, '$1');
}

const letterEscapes: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
  ['"', '"'],
  ["'", "'"],
]);

/** `\0` and exactly three octal digits up to 377; otherwise compose-go drops the zero and keeps the rest. */
function decodeOctal(digits: string): string {
  if (!/^[0-3][0-7]{2}$/.test(digits)) return `\\${digits}`;
  return String.fromCharCode(Number.parseInt(digits, 8));
}
