import { sizeCaps } from '../parse/parse-result.ts';

/** A file's text as every host takes it. */
export interface DecodedFile {
  /** Without the byte order mark. */
  readonly text: string;
  /** True when the file started with one, so that a host that writes the file can keep it. */
  readonly byteOrderMark: boolean;
}

/** Decodes a file, or says why it is not taken: `not UTF-8 text`, or larger than the cap of its kind. */
export function decodeFile(path: string, bytes: Uint8Array): DecodedFile | { readonly why: string } {
  if (bytes.length > largestFileBytes(path)) return { why: tooLarge(path) };
  const text = decode(bytes);
  if (text === undefined) return { why: 'not UTF-8 text' };
  if (text.length > sizeCapOf(path)) return { why: tooLarge(path) };
  const byteOrderMark = text.startsWith('\uFEFF');
  return { text: byteOrderMark ? text.slice(1) : text, byteOrderMark };
}

/** Bytes above which a file cannot be within its cap; hosts need not read a larger one. */
export function largestFileBytes(path: string): number {
  return sizeCapOf(path) * 3 + 3;
}

/** Why a file above its cap is skipped. */
export function tooLarge(path: string): string {
  return `larger than ${sizeCapOf(path) / 1000} KB`;
}

/** The cap of the parser that would read the file, in UTF-16 units. */
function sizeCapOf(path: string): number {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/\.ya?ml$/i.test(name)) return sizeCaps.yaml;
  if (/\.pyi?$/i.test(name)) return sizeCaps.python;
  if (/dockerfile|containerfile/i.test(name)) return sizeCaps.dockerfile;
  if (/^\.?env\b|\.env\b/i.test(name)) return sizeCaps.env;
  return sizeCaps.shell;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
