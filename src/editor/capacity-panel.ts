import * as vscode from 'vscode';
import { emptyState, type FromPanel, type PanelState, type ToPanel } from '../panel/protocol.ts';
import { readFromPanel, readState } from '../panel/read-message.ts';
import { applyPlan } from './apply-plan.ts';
import type { Folders } from './folders.ts';
import type { Log } from './log.ts';
import { panelPage } from './panel-page.ts';
import { panelTargets, planPanel } from './panel-plans.ts';
import { writePlan } from './plan-export.ts';
import { uriOf } from './positions.ts';
import { openSavedPlans } from './saved-plans.ts';
import { showPage } from './show-page.ts';

/** The command that opens the panel; its argument may name a web server (see `targetId`). */
export const openPanelCommand = 'headroom.openCapacityPanel';

const viewType = 'headroom.capacity';

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  state: PanelState;
  /** True while the page is there and listens. */
  isReady: boolean;
  /** What became of an action while the page was away. */
  unseen: Extract<ToPanel, { type: 'notice' }> | undefined;
}

/** Registers the capacity panel: one for the window, back after a reload with what was typed. */
export function registerCapacityPanel(
  context: vscode.ExtensionContext,
  host: { readonly folders: Folders; readonly log: Log },
): vscode.Disposable {
  const { folders, log } = host;
  const plans = openSavedPlans(context.workspaceState);
  let open: OpenPanel | undefined;
  return vscode.Disposable.from(
    vscode.commands.registerCommand(openPanelCommand, (targetId: unknown) =>
      show(typeof targetId === 'string' ? targetId : undefined),
    ),
    vscode.window.registerWebviewPanelSerializer(viewType, {
      async deserializeWebviewPanel(panel, saved) {
        adopt(panel, readState(saved) ?? emptyState);
      },
    }),
    folders.onDidChange((folder) => {
      if (!folder.busy) post({ type: 'changed' });
    }),
    folders.onDidRemove(() => post({ type: 'changed' })),
    { dispose: () => open?.panel.dispose() },
  );

  function show(targetId: string | undefined): void {
    if (open) {
      open.panel.reveal();
      if (targetId === undefined) return;
      open.state = choose(open.state, targetId);
      post({ type: 'restore', state: open.state });
      return;
    }
    const column = vscode.ViewColumn.Active;
    const panel = vscode.window.createWebviewPanel(viewType, vscode.l10n.t('Capacity'), column, {
      enableScripts: true,
      enableFindWidget: true,
      localResourceRoots: resourceRoots(context.extensionUri),
    });
    adopt(panel, { ...emptyState, targetId });
  }

  /** What was typed of one server's settings says nothing of another one. */
  function choose(state: PanelState, targetId: string): PanelState {
    const isSame = planPanel(folders, state).chosen?.id === targetId;
    return isSame ? { ...state, targetId } : { ...state, targetId, settings: {}, chosen: {} };
  }

  function adopt(panel: vscode.WebviewPanel, state: PanelState): void {
    const session: OpenPanel = { panel, state, isReady: false, unseen: undefined };
    open = session;
    panel.iconPath = vscode.Uri.joinPath(context.extensionUri, 'media', 'icon.png');
    panel.onDidDispose(() => {
      if (open === session) open = undefined;
    });
    panel.onDidChangeViewState(() => {
      // A hidden page is thrown away: messages to it are lost, and it says when it is there again.
      if (!panel.visible) session.isReady = false;
      else post({ type: 'changed' });
    });
    panel.webview.onDidReceiveMessage((data: unknown) => {
      const message = readFromPanel(data);
      if (!message) return log.message('The capacity panel sent a message that cannot be read.');
      take(message).catch((error: unknown) => {
        log.failure(`the capacity panel (${message.type})`, error);
        post({ type: 'notice', kind: 'problem', text: vscode.l10n.t('That failed: see the Headroom output log.') });
      });
    });
    panel.webview.options = { enableScripts: true, localResourceRoots: resourceRoots(context.extensionUri) };
    panel.webview.html = panelPage(panel.webview, context.extensionUri);
  }

  async function take(message: FromPanel): Promise<void> {
    if (open && 'state' in message) open.state = message.state;
    switch (message.type) {
      case 'ready':
        return greet();
      case 'plan':
        return answer(message.revision, message.state);
      case 'open':
        return openPlace(message.place);
      case 'validation':
        return showPage(vscode.Uri.joinPath(context.extensionUri, 'docs', 'validation.md'));
      case 'apply':
        return apply(message);
      case 'copy': {
        const text = writePlan(planPanel(folders, message.state), { format: 'markdown', state: message.state });
        await vscode.env.clipboard.writeText(text);
        return post({ type: 'notice', kind: 'done', text: vscode.l10n.t('Copied as Markdown.') });
      }
      case 'export':
        return exportPlan(message);
      case 'save':
        return save(message.state);
      case 'forget':
        await plans.forget(message.name);
        post({ type: 'notice', kind: 'done', text: vscode.l10n.t('The plan {0} is forgotten.', message.name) });
        return post({ type: 'changed' });
    }
  }

  /** Gives a page that has just started what it needs. */
  function greet(): void {
    if (!open) return;
    open.isReady = true;
    post({ type: 'restore', state: open.state });
    if (open.unseen) post(open.unseen);
    open.unseen = undefined;
  }

  async function answer(revision: number, state: PanelState): Promise<void> {
    await Promise.all(folders.all().map((folder) => folder.settle()));
    const { planned, chosen } = planPanel(folders, state);
    post({
      type: 'plan',
      revision,
      plan: planned.plan,
      targets: panelTargets(folders).map(({ id, label }) => ({ id, label })),
      targetId: chosen?.id,
      savedPlans: plans.all(),
      locale: vscode.env.language,
      isTypical: chosen === undefined,
    });
  }

  async function openPlace({ path, line, column }: Extract<FromPanel, { type: 'open' }>['place']): Promise<void> {
    const folder = open && planPanel(folders, open.state).chosen?.folder;
    // Only what the analysis itself has read: a page cannot open other files.
    if (!folder?.currentText(path)) return;
    const position = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
    await vscode.window.showTextDocument(uriOf(folder.folder.uri, path), {
      selection: new vscode.Range(position, position),
      viewColumn: vscode.ViewColumn.Beside,
    });
  }

  async function apply(message: Extract<FromPanel, { type: 'apply' }>): Promise<void> {
    const applied = await applyPlan(folders, message);
    const text = applied.done
      ? vscode.l10n.t('Files changed: {0}. Rebuild and restart what they start.', applied.files)
      : applied.why;
    post({ type: 'notice', kind: applied.done ? 'done' : 'problem', text });
    post({ type: 'changed' });
  }

  async function exportPlan({ state, format }: Extract<FromPanel, { type: 'export' }>): Promise<void> {
    const content = writePlan(planPanel(folders, state), { format, state });
    const language = format === 'csv' ? 'plaintext' : format;
    const document = await vscode.workspace.openTextDocument({ content, language });
    await vscode.window.showTextDocument(document, vscode.ViewColumn.Beside);
  }

  async function save(state: PanelState): Promise<void> {
    const name = await vscode.window.showInputBox({
      title: vscode.l10n.t('Save the plan'),
      prompt: vscode.l10n.t('A name for this plan in this workspace; a plan of the same name is replaced.'),
      validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('Give the plan a name.') : undefined),
    });
    if (name === undefined) return;
    await plans.save(name.trim(), state);
    post({ type: 'notice', kind: 'done', text: vscode.l10n.t('Saved as {0}.', name.trim()) });
    post({ type: 'changed' });
  }

  function post(message: ToPanel): void {
    if (open?.isReady) void open.panel.webview.postMessage(message);
    else if (open && message.type === 'notice') open.unseen = message;
  }
}

function resourceRoots(extensionUri: vscode.Uri): vscode.Uri[] {
  return ['dist', 'media'].map((folder) => vscode.Uri.joinPath(extensionUri, folder));
}
