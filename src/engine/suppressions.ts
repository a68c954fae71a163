import { lineText, positionAt, type SourceText } from '../text/source-text.ts';
import type { Location } from '../text/span.ts';
import { firstLineOf } from './written-lines.ts';

/** One `headroom-ignore` comment. */
export interface Suppression {
  readonly rules: readonly string[];
  readonly reason: string;
  readonly scope: 'line' | 'file';
  /** Zero-based line of the comment. */
  readonly line: number;
  /** True when the comment stands on a line of its own: it then speaks for the statement that begins below it. */
  readonly alone: boolean;
  readonly at: Location;
}

const pattern =
  /(#|\/\/|;)\s*headroom-ignore(-file)?\s+([a-z][a-z0-9-]*(?:\s*,\s*[a-z][a-z0-9-]*)*)\s*(?:--\s*(.*?))?\s*$/;

/** Finds the ignore comments of a file: `# headroom-ignore RULE[, RULE] -- reason` and `# headroom-ignore-file ...`. */
export function findSuppressions(source: SourceText): readonly Suppression[] {
  const found: Suppression[] = [];
  if (!source.text.includes('headroom-ignore')) return found;
  for (let line = 0; line < source.lineStarts.length; line++) {
    const text = lineText(source, line);
    const match = pattern.exec(text);
    if (!match) continue;
    const alone = text.slice(0, match.index).trim() === '';
    // In env files and Dockerfiles a trailing comment would be part of the value or the arguments.
    if (!alone && trailingCommentIsText(source.path)) continue;
    const start = (source.lineStarts[line] ?? 0) + match.index;
    found.push({
      rules: (match[3] ?? '').split(',').map((rule) => rule.trim()),
      reason: match[4] ?? '',
      scope: match[2] ? 'file' : 'line',
      line,
      alone,
      at: { source, span: { start, end: start + match[0].trimEnd().length } },
    });
  }
  return found;
}

/** True when the suppression speaks for a finding of `rule` at this place. */
export function suppresses(
  suppression: Suppression,
  finding: { readonly rule: string; readonly at: Location },
): boolean {
  if (suppression.at.source !== finding.at.source || !suppression.rules.includes(finding.rule)) return false;
  if (suppression.scope === 'file') return true;
  const line = positionAt(finding.at.source, finding.at.span.start).line;
  if (!suppression.alone) return line === suppression.line;
  const next = nextWrittenLine(finding.at.source, suppression.line);
  return line === next || firstLineOf(finding.at.source, line) === next;
}

/** True for files whose format has no comments behind a value. */
export function trailingCommentIsText(path: string): boolean {
  return /(^|\/)([^/]*dockerfile[^/]*|containerfile[^/]*|\.?env[^/]*|[^/]*\.env[^/]*)$/i.test(path);
}

/** The first line below that is neither blank nor another comment. */
function nextWrittenLine(source: SourceText, line: number): number {
  let next = line + 1;
  while (next < source.lineStarts.length && /^\s*(#.*|\/\/.*)?$/.test(lineText(source, next))) next++;
  return next;
}
