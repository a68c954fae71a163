import * as vscode from 'vscode';
import { findDefault } from '../capacity/defaults.ts';
import type { Finding } from '../engine/finding.ts';
import type { Severity } from '../rules/rule.ts';
import type { Location } from '../text/span.ts';
import type { Hop } from '../text/trail.ts';
import type { FolderAnalysis } from './folder-analysis.ts';
import type { Folders } from './folders.ts';
import { locationOf, pathIn, rangeOf, uriOf } from './positions.ts';
import { readSettings } from './read-settings.ts';
import type { RulePages } from './rule-pages.ts';

/** Name under which findings appear in the Problems panel. */
export const diagnosticSource = 'Headroom';

/** Shows findings as diagnostics and lets the user hide them for a while. */
export interface Diagnostics extends vscode.Disposable {
  readonly hidden: boolean;
  readonly onDidToggle: vscode.Event<void>;
  toggle(): void;
}

/** Publishes the findings of all folders, in every file or only in open ones as the settings say. */
export function showDiagnostics(folders: Folders, pages: RulePages): Diagnostics {
  const collection = vscode.languages.createDiagnosticCollection('headroom');
  const published = new Map<string, { readonly uri: vscode.Uri; readonly key: string }>();
  const toggled = new vscode.EventEmitter<void>();
  let hidden = false;
  const subscriptions = [
    folders.onDidChange((folder) => folder.busy || publish()),
    folders.onDidRemove(publish),
    vscode.window.tabGroups.onDidChangeTabs(() => {
      if (folders.all().some(({ folder }) => readSettings(folder).openFilesOnly)) publish();
    }),
    collection,
    toggled,
  ];
  return {
    get hidden() {
      return hidden;
    },
    onDidToggle: toggled.event,
    toggle() {
      hidden = !hidden;
      publish();
      toggled.fire();
    },
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };

  function publish(): void {
    const wanted = hidden ? new Map<string, FileFindings>() : collectFindings(folders.all());
    for (const [address, { uri }] of published) {
      if (wanted.has(address)) continue;
      published.delete(address);
      collection.delete(uri);
    }
    for (const [address, { uri, entries }] of wanted) {
      const key = entries.map(keyOf).join('\n');
      // Setting them anew would make the editor ask every provider again.
      if (published.get(address)?.key === key) continue;
      published.set(address, { uri, key });
      collection.set(
        uri,
        entries.map((entry) => diagnosticOf(entry, pages)),
      );
    }
  }
}

interface Entry {
  readonly finding: Finding;
  readonly folder: vscode.Uri;
}

interface FileFindings {
  readonly uri: vscode.Uri;
  readonly entries: Entry[];
}

/** A file that lies in two workspace folders shows what both say once. */
function collectFindings(folders: readonly FolderAnalysis[]): Map<string, FileFindings> {
  const byFile = new Map<string, FileFindings>();
  const seen = new Set<string>();
  for (const { folder, result } of folders) {
    const open = readSettings(folder).openFilesOnly ? openPaths(folder) : undefined;
    for (const finding of result?.findings ?? []) {
      const { source, span } = finding.at;
      if (finding.suppressed || (open && !open.has(source.path))) continue;
      const uri = uriOf(folder.uri, source.path);
      const place = `${uri} ${finding.rule} ${span.start} ${span.end}`;
      if (seen.has(place)) continue;
      seen.add(place);
      const entry = byFile.get(uri.toString()) ?? { uri, entries: [] };
      byFile.set(uri.toString(), entry);
      entry.entries.push({ finding, folder: folder.uri });
    }
  }
  return byFile;
}

/** Files in a tab: documents can also be open out of sight. */
function openPaths(folder: vscode.WorkspaceFolder): ReadonlySet<string> {
  const inputs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input));
  return new Set(inputs.flatMap((input) => uriOfTab(input).flatMap((uri) => pathIn(folder.uri, uri) ?? [])));
}

function uriOfTab(input: unknown): readonly vscode.Uri[] {
  if (input instanceof vscode.TabInputText) return [input.uri];
  return input instanceof vscode.TabInputTextDiff ? [input.modified] : [];
}

/** Equal for entries whose diagnostics are equal. */
function keyOf({ finding }: Entry): string {
  const { start, end } = rangeOf(finding.at.source, finding.at.span);
  const hops = distinctHops(finding).map(({ at, says }) => {
    const from = rangeOf(at.source, at.span).start;
    return `${at.source.path} ${from.line} ${from.character} ${says}`;
  });
  const place = [start.line, start.character, end.line, end.character];
  return [finding.rule, finding.severity, ...place, finding.text, ...hops].join('|');
}

function diagnosticOf({ finding, folder }: Entry, pages: RulePages): vscode.Diagnostic {
  const range = rangeOf(finding.at.source, finding.at.span);
  const diagnostic = new vscode.Diagnostic(range, finding.text, severityOf[finding.severity]);
  diagnostic.source = diagnosticSource;
  const page = pages.uriOf(finding.rule);
  diagnostic.code = page ? { value: finding.rule, target: page } : finding.rule;
  diagnostic.relatedInformation = distinctHops(finding).map(
    ({ at, says }) => new vscode.DiagnosticRelatedInformation(locationOf(folder, at), says),
  );
  if (withoutEffect.has(finding.rule)) diagnostic.tags = [vscode.DiagnosticTag.Unnecessary];
  return diagnostic;
}

const severityOf: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

/** Rules about text that has no effect, which the editor fades out. */
const withoutEffect: ReadonlySet<string> = new Set(['pool-setting-ignored', 'gunicorn-threads-ignored']);

/** The way of the numbers, each step once. A documented default has no place; the finding's own stands for it. */
function distinctHops(finding: Finding): readonly { readonly at: Location; readonly says: string }[] {
  const steps = new Map<string, { readonly at: Location; readonly says: string }>();
  for (const hop of finding.trail) {
    const at = 'default' in hop.at ? finding.at : hop.at;
    const says = describeHop(hop);
    steps.set(`${at.source.path} ${at.span.start} ${at.span.end} ${says}`, { at, says });
  }
  return [...steps.values()];
}

function describeHop(hop: Hop): string {
  const entry = 'default' in hop.at ? findDefault(hop.at.default) : undefined;
  if (!entry) return hop.says;
  const version = entry.version.startsWith('all') ? '' : ` ${entry.version}`;
  return vscode.l10n.t('{0} (default of {1}: {2})', hop.says, `${entry.program}${version}`, entry.source);
}
