import { nodeText, type PythonNode } from './python-syntax.ts';
import type { PythonStatement } from './python-tree.ts';

/** Converts an import statement; what Lezer skipped ends the list of names. */
export function convertImport(node: PythonNode): PythonStatement {
  const span = { start: node.from, end: node.to };
  const broken = node.children.findIndex((child) => child.error);
  const children = broken === -1 ? node.children : node.children.slice(0, broken);
  if (children[0]?.name !== 'from') {
    const names = readNames(children.slice(1)).map(({ name, as }) => ({ module: name, as }));
    return names.length > 0 ? { kind: 'import', span, names } : { kind: 'other', span };
  }
  const split = children.findIndex((child) => child.name === 'import');
  if (split === -1) return { kind: 'other', span };
  const { module, level } = splitLevel(children.slice(1, split).map(nodeText).join(''));
  const names = readNames(children.slice(split + 1));
  const star = children[split + 1]?.name === '*';
  return { kind: 'import-from', span, module, level, names, star };
}

/** An import found without parsing. */
export interface ScannedImport {
  readonly module: string;
  /** Number of leading dots. */
  readonly level: number;
  /** Names of a `from` import (`*` for all); empty for a plain import. */
  readonly names: readonly string[];
}

/**
 * Finds import statements in a text without parsing it: every line that starts like one, parentheses and continued
 * lines included. A docstring may give a false import; an import behind `;` or `:` is not seen.
 */
export function scanImports(text: string): readonly ScannedImport[] {
  const imports: ScannedImport[] = [];
  for (const match of text.matchAll(/^[ \t]*(from|import)\b/gm)) {
    const start = match.index + match[0].length;
    const statement = logicalLine(text, start);
    if (match[1] === 'import') {
      if (!/^[\s\\]/.test(statement)) continue;
      for (const module of splitNames(statement)) imports.push({ module, level: 0, names: [] });
      continue;
    }
    const keyword = /\bimport\b/.exec(statement);
    if (!keyword) continue;
    const { module, level } = splitLevel(statement.slice(0, keyword.index).replace(/[\s\\]+/g, ''));
    if (!/^[^\s"'()=,:]*$/.test(module)) continue;
    const names = splitNames(statement.slice(keyword.index + keyword[0].length));
    if (names.length > 0 && (module !== '' || level > 0)) imports.push({ module, level, names });
  }
  return imports;
}

function readNames(
  nodes: readonly PythonNode[],
): readonly { readonly name: string; readonly as: string | undefined }[] {
  const names: { name: string; as: string | undefined }[] = [];
  let name = '';
  let as: string | undefined;
  const close = () => {
    if (name !== '') names.push({ name, as });
    name = '';
    as = undefined;
  };
  let renamed = false;
  for (const node of nodes) {
    if (node.name === ',' || node.name === ')') close();
    if (node.name === 'as') renamed = true;
    else if (node.name === 'VariableName' && renamed) as = nodeText(node);
    else if (node.name === 'VariableName' || node.name === '.') name += nodeText(node);
    if (node.name !== 'as') renamed = false;
  }
  close();
  return names;
}

function splitLevel(written: string): { readonly module: string; readonly level: number } {
  const module = written.replace(/^\.+/, '');
  return { module, level: written.length - module.length };
}

const maximumStatement = 8000;

function logicalLine(text: string, start: number): string {
  const window = text.slice(start, start + maximumStatement);
  const line = /^(?:[^\\\n(;#]|\\\r?\n?)*/.exec(window)?.[0] ?? '';
  if (window[line.length] !== '(') return line;
  const list = window.slice(line.length).replace(/#[^\n]*/g, '');
  const close = list.indexOf(')');
  return close === -1 ? line : line + list.slice(0, close);
}

function splitNames(written: string): readonly string[] {
  return written
    .replace(/[()\\]/g, ' ')
    .split(',')
    .map((name) => name.trim().split(/\s/, 1)[0] ?? '')
    .filter((name) => /^(?:\*|[^\s\d=:"'*][^\s=:"']*)$/.test(name));
}
