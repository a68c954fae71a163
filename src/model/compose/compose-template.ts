import type { SourceText } from '../../text/source-text.ts';

/** True for a Jinja, cookiecutter or Go template that only becomes a compose file when it is rendered. */
export function isTemplate({ text }: SourceText): boolean {
  if (!text.includes('{{') && !text.includes('{%')) return false;
  return text.split('\n').some((line) => !/^\s*#/.test(line) && line.length < 10_000 && isTemplateLine(line));
}

/** Docker's own format strings (`{{.Name}}`, `{{json .}}`) and quoted ones are ordinary text. */
function isTemplateLine(line: string): boolean {
  if (/\{%-?\s*\w+/.test(line)) return true;
  if (/^\s*(?:-\s+)?\{\{/.test(line) || /^\s*[\w.-]+:\s+\{\{/.test(line)) return true;
  return /\{\{-?\s*(?!end\b|else\b)[A-Za-z_][\w.]*\s*(?:\|[^}]*)?-?\}\}/.test(line);
}
