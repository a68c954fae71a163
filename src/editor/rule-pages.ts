import * as vscode from 'vscode';
import { notices } from '../engine/notices.ts';
import { rulePage } from '../engine/rule-page.ts';
import type { Rule } from '../rules/rule.ts';
import { showPage } from './show-page.ts';

/** The pages that explain the rules, packaged with the extension. */
export interface RulePages extends vscode.Disposable {
  readonly entries: readonly { readonly id: string; readonly summary: string }[];
  /** The page's address; undefined for an id that is no rule. */
  uriOf(id: string): vscode.Uri | undefined;
  open(id: string): Promise<void>;
}

const scheme = 'headroom-rule';

/** Finds the pages in the extension's folder; the engine's own notices have none there, so theirs are made here. */
export function createRulePages(extension: vscode.Uri, rules: readonly Rule[]): RulePages {
  const own = Object.entries(notices).map(([id, { summary }]) => ({ id, summary }));
  const ruleIds = new Set(rules.map(({ id }) => id));
  const made = (id: string) => vscode.Uri.from({ scheme, path: `/${id}.md` });
  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: (uri) => writePage(uri.path.slice(1, -'.md'.length), rules),
  });
  return {
    entries: [...rules.map(({ id, summary }) => ({ id, summary })), ...own],
    uriOf(id) {
      if (ruleIds.has(id)) return vscode.Uri.joinPath(extension, 'docs', 'rules', `${id}.md`);
      return Object.hasOwn(notices, id) ? made(id) : undefined;
    },
    async open(id) {
      const packaged = this.uriOf(id);
      const uri = packaged && (await exists(packaged)) ? packaged : made(id);
      await showPage(uri);
    },
    dispose: () => provider.dispose(),
  };
}

function writePage(id: string, rules: readonly Rule[]): string {
  const page = rulePage(id, rules);
  if (!page) return '';
  const sections = page.sections.map(({ heading, text }) => `## ${heading}\n\n${text}\n`);
  return [`# ${page.id}\n\n${page.summary}\n`, ...sections].join('\n');
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
