import type { Analysis } from '../engine/analyse.ts';
import type { Finding, FindingFix } from '../engine/finding.ts';
import { applyEdits, type TextEdit } from '../text/span.ts';
import type { TextChanges } from '../text/unified-diff.ts';
import type { OpenFolder } from './load-workspace.ts';
import { readText } from './load-workspace.ts';
import { UsageError } from './terminal.ts';
import { writeFileWhole } from './write-file.ts';

export interface FixResult {
  /** The analysis after the fixes. */
  readonly analysis: Analysis;
  readonly fixed: number;
  readonly changes: TextChanges;
}

const maximumRounds = 8;

/**
 * Applies the first safe fix of each finding, in memory, again and again until there is nothing left to apply.
 * `settle` analyses the folder anew.
 */
export function applySafeFixes(
  folder: OpenFolder,
  work: { readonly settle: () => Analysis; readonly isAsked: (finding: Finding) => boolean },
): FixResult {
  const before = new Map<string, string>();
  let analysis = work.settle();
  let fixed = 0;
  for (let round = 0; round < maximumRounds; round++) {
    const fixes = chooseFixes(analysis.report.findings.filter(work.isAsked), folder);
    if (fixes.length === 0) break;
    fixed += fixes.length;
    for (const [path, edits] of groupByFile(fixes)) {
      const source = folder.workspace.texts.get(path);
      if (!source) continue;
      if (!before.has(path)) before.set(path, source.text);
      folder.replace(path, applyEdits(source, edits));
    }
    analysis = work.settle();
  }
  const changes = new Map<string, { before: string; after: string }>();
  for (const [path, text] of before) {
    const after = folder.workspace.texts.get(path)?.text ?? text;
    if (after !== text) changes.set(path, { before: text, after });
  }
  return { analysis, fixed, changes };
}

/** Writes the changed files; a file that changed on disk meanwhile, or is a link out of the folder, stops everything. */
export function writeChanges(folder: OpenFolder, changes: TextChanges): void {
  const files = [...changes].map(([path, { before, after }]) => {
    const now = readText(folder.root, path);
    if ('why' in now) throw new UsageError(`${path} cannot be fixed: ${now.why}`);
    if (now.text !== before) throw new UsageError(`${path} changed while it was being fixed; nothing was written`);
    return { realPath: now.realPath, content: now.byteOrderMark ? `\uFEFF${after}` : after };
  });
  // Two paths may lead to one file through a link; the first one is written.
  const done = new Set<string>();
  for (const { realPath, content } of files) {
    if (!done.has(realPath)) writeFileWhole(realPath, content);
    done.add(realPath);
  }
}

/** Fixes that do not touch each other; one that does waits for the next round. */
function chooseFixes(findings: readonly Finding[], folder: OpenFolder): FindingFix[] {
  const chosen: FindingFix[] = [];
  const taken: TextEdit[] = [];
  for (const finding of findings) {
    const fix = finding.fixes.find(isApplicable);
    if (finding.suppressed || !fix || !fix.edits.every((edit) => isLoaded(edit, folder))) continue;
    const fresh = fix.edits.filter((edit) => !taken.some((other) => isSame(edit, other)));
    if (fresh.some((edit) => taken.some((other) => touches(edit, other)))) continue;
    taken.push(...fresh);
    chosen.push({ ...fix, edits: fresh });
  }
  return chosen;
}

function isApplicable(fix: FindingFix): boolean {
  return fix.safety === 'safe' && fix.refused === undefined && fix.edits.length > 0;
}

/** False for files outside the folder, such as a configuration given by `--config`. */
function isLoaded(edit: TextEdit, folder: OpenFolder): boolean {
  return folder.workspace.texts.get(edit.source.path) === edit.source;
}

function isSame(left: TextEdit, right: TextEdit): boolean {
  return (
    left.source === right.source &&
    left.span.start === right.span.start &&
    left.span.end === right.span.end &&
    left.newText === right.newText
  );
}

function touches(left: TextEdit, right: TextEdit): boolean {
  return left.source === right.source && left.span.start <= right.span.end && right.span.start <= left.span.end;
}

function groupByFile(fixes: readonly FindingFix[]): Map<string, TextEdit[]> {
  const groups = new Map<string, TextEdit[]>();
  for (const edit of fixes.flatMap((fix) => fix.edits)) {
    groups.set(edit.source.path, [...(groups.get(edit.source.path) ?? []), edit]);
  }
  return groups;
}
