import * as vscode from 'vscode';
import { notices } from '../engine/notices.ts';
import type { Rule } from '../rules/rule.ts';

/** The pages that explain the rules, packaged with the extension. */
export interface RulePages {
  readonly entries: readonly { readonly id: string; readonly summary: string }[];
  /** The page's address; undefined for an id without a page. */
  uriOf(id: string): vscode.Uri | undefined;
  open(id: string): Promise<void>;
}

/** Finds the pages in the extension's folder. */
export function createRulePages(extension: vscode.Uri, rules: readonly Rule[]): RulePages {
  const own = Object.entries(notices).map(([id, { summary }]) => ({ id, summary }));
  const entries = [...rules.map(({ id, summary }) => ({ id, summary })), ...own];
  const ids = new Set(entries.map(({ id }) => id));
  const uriOf = (id: string) => (ids.has(id) ? vscode.Uri.joinPath(extension, 'docs', 'rules', `${id}.md`) : undefined);
  return {
    entries,
    uriOf,
    async open(id) {
      const uri = uriOf(id);
      if (!uri) return;
      const hasPreview = (await vscode.commands.getCommands(true)).includes('markdown.showPreview');
      if (hasPreview) await vscode.commands.executeCommand('markdown.showPreview', uri);
      else await vscode.window.showTextDocument(uri);
    },
  };
}
