import { unknownMark } from '../../text/mapped-text.ts';
import { type Known, known, unknown } from '../value.ts';
import type { PythonData } from './python-data.ts';
import { joinText, markedText } from './python-text.ts';
import { mapAlternatives, type PythonValue } from './python-value.ts';
import type { MethodCall } from './sequence-methods.ts';

/** True for what may stand left of a path's `/`: paths are kept as texts. */
export function isPathText(data: PythonData): boolean {
  return markedText(data) !== undefined;
}

/** `os.path.join(...)` and the `/` of pathlib: a part that begins at the root drops what stands before it. */
export function joinPaths(parts: readonly Known<PythonData>[], at: PythonValue['at']): PythonValue {
  const [first, ...rest] = parts;
  if (!first) return unknown('a path that is not known', at);
  let path: PythonValue = first;
  for (const part of rest) {
    const text = markedText(part.value);
    const before: string | undefined = path.known ? markedText(path.value) : undefined;
    if (text === undefined || before === undefined) return unknown('a path that is not known', at);
    const separator: string = before === '' || before.endsWith('/') ? '' : '/';
    path = text.startsWith('/') ? part : (joinText([path, known(separator, at), part], at) ?? unknown('a path', at));
  }
  return path;
}

/** Calls of `os.path` and `pathlib` that only look at the text of a path; undefined for others. */
export function callPathFunction(
  callee: string,
  call: { readonly positional: readonly PythonValue[]; readonly at: PythonValue['at'] },
): PythonValue | undefined {
  const [first] = call.positional;
  switch (callee) {
    case 'os.path.join':
    case 'pathlib.Path':
    case 'pathlib.PurePath':
    case 'pathlib.PosixPath': {
      const parts = call.positional.filter((part) => part.known);
      if (parts.length !== call.positional.length) return unknown('a path that is not known', call.at);
      return parts.length === 0 ? known('.', call.at) : joinPaths(parts, call.at);
    }
    case 'os.path.dirname':
      return first && changePath(first, folderOfPath);
    case 'os.path.basename':
      return first && changePath(first, nameOfPath);
    case 'os.path.abspath':
    case 'os.path.realpath':
    case 'os.path.normpath':
      return first && changePath(first, normalisePath);
    case 'os.path.expanduser':
    case 'os.fspath':
      return first;
  }
  return undefined;
}

/** A method of a path; undefined for others. */
export function pathMethod(name: string, { receiver, positional, at }: MethodCall): PythonValue | undefined {
  switch (name) {
    case 'resolve':
    case 'absolute':
      return changePath(receiver, normalisePath);
    case 'joinpath': {
      const parts = positional.filter((part) => part.known);
      return parts.length === positional.length ? joinPaths([receiver, ...parts], at) : undefined;
    }
    case 'as_posix':
    case 'expanduser':
      return receiver;
  }
  return undefined;
}

/** An attribute of a path: `parent`, `parents`, `name`; undefined for others. */
export function pathAttribute(path: Known<PythonData>, name: string): PythonValue | undefined {
  if (!isPathText(path.value)) return undefined;
  switch (name) {
    case 'parent':
      return changePath(path, folderOfPath);
    case 'name':
      return changePath(path, nameOfPath);
    case 'parents': {
      const text = markedText(path.value) ?? '';
      const items: PythonValue[] = [];
      for (let folder = folderOfPath(text); items.length < 40; folder = folderOfPath(folder)) {
        items.push(fromMarked(folder, path));
        if (folder === folderOfPath(folder)) break;
      }
      return known<PythonData>({ type: 'sequence', items, complete: true, frozen: true }, path.at, path.trail);
    }
  }
  return undefined;
}

/** The folder of a path; the root and what is not known are their own. */
export function folderOfPath(path: string): string {
  const slash = path.replace(/\/+$/, '').lastIndexOf('/');
  if (slash === -1) return path === unknownMark ? path : '';
  return slash === 0 ? '/' : path.slice(0, slash);
}

/** A path without `.` and `..`. */
export function normalisePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..' && parts.at(-1) !== unknownMark) parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `${path.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}

/** A text with marks for unknown pieces, as a value. */
export function fromMarked(text: string, from: Pick<Known<PythonData>, 'at' | 'trail'>): Known<PythonData> {
  if (!text.includes(unknownMark)) return known<PythonData>(text, from.at, from.trail);
  const pieces = text.split(unknownMark).flatMap((piece, index) => {
    const written = known(piece, from.at);
    return index === 0 ? [written] : [unknown<string>('where the project is installed', from.at), written];
  });
  return known<PythonData>({ type: 'text', pieces }, from.at, from.trail);
}

function nameOfPath(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function changePath(value: PythonValue, change: (path: string) => string): PythonValue {
  return mapAlternatives(value, (option) => {
    const text = markedText(option.value);
    return text === undefined ? unknown('a path that is not known', option.at) : fromMarked(change(text), option);
  });
}
