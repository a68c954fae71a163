import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { readWorkspace } from '../../src/model/read-workspace.ts';
import { createSession } from '../../src/model/session.ts';
import { emptyState, type PanelState, type SavedPlan, type ToPanel } from '../../src/panel/protocol.ts';
import { readFromPanel } from '../../src/panel/read-message.ts';
import { type CapacityTarget, capacityTargets } from '../../src/plan/capacity-target.ts';
import { noGoal } from '../../src/plan/goal.ts';
import { planCapacity } from '../../src/plan/plan-capacity.ts';
import { workspaceOf } from '../model/stack-fixture.ts';
import { themes } from './themes.ts';

/** The panel's page alone in a browser, with the extension's side played by the test. */
export interface OpenedPage {
  readonly page: Page;
  /** Messages that the page sent, checked as the extension checks them. */
  readonly received: ReturnType<typeof readFromPanel>[];
  /** What the browser said was wrong: errors, refused resources. */
  readonly complaints: readonly string[];
}

/** Opens the page on a workspace of texts, in one of the themes, and waits for the first figures. */
export async function openPage(
  browser: Browser,
  how: {
    readonly files: Readonly<Record<string, string>>;
    readonly theme?: string;
    readonly width?: number;
    readonly state?: PanelState;
    readonly savedPlans?: readonly SavedPlan[];
    /** What shows that there are figures. */
    readonly firstText?: string;
  },
): Promise<OpenedPage> {
  const { files, theme = 'dark', width = 1200, state = emptyState, savedPlans = [], firstText = '.results' } = how;
  const targets = capacityTargets(readWorkspace(workspaceOf(files), createSession()).stack.projects);
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const received: OpenedPage['received'] = [];
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.route('http://panel.test/**', (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    const resource = resources(theme)[name];
    return resource ? route.fulfill(resource) : route.fulfill({ status: 404 });
  });
  await page.exposeFunction('toExtension', (data: unknown) => {
    const message = readFromPanel(data);
    received.push(message);
    const answer = message && answerTo(message, { targets, state, savedPlans });
    if (answer) void page.evaluate(`postMessage(${JSON.stringify(answer)})`);
  });
  await page.addInitScript('window.acquireVsCodeApi = () => ({ postMessage: window.toExtension, setState() {} })');
  await page.goto('http://panel.test/index.html');
  await page.locator(firstText).waitFor();
  return { page, received, complaints };
}

function answerTo(
  message: NonNullable<ReturnType<typeof readFromPanel>>,
  workspace: {
    readonly targets: readonly CapacityTarget[];
    readonly state: PanelState;
    readonly savedPlans: readonly SavedPlan[];
  },
): ToPanel | undefined {
  if (message.type === 'ready') return { type: 'restore', state: workspace.state };
  if (message.type !== 'plan') return undefined;
  const { targets, savedPlans } = workspace;
  const { given, settings } = message.state;
  const { plan } = planCapacity(targets[0], { goal: noGoal, given, settings });
  return {
    type: 'plan',
    revision: message.revision,
    plan,
    targets: targets.map(({ project, service }) => ({ id: service.name, label: `${project.name} · ${service.name}` })),
    targetId: targets[0]?.service.name,
    savedPlans,
    locale: 'en',
    isTypical: targets.length === 0,
  };
}

function resources(theme: string): Readonly<Record<string, { contentType: string; body: string }>> {
  const colors = themes[theme];
  if (!colors) throw new Error(`there is no theme ${theme}`);
  const isDark = /^(dark|high contrast)$/.test(theme);
  const variables = Object.entries(colors).map(([name, value]) => `--vscode-${name}: ${value};`);
  const fonts =
    '--vscode-font-family: "DejaVu Sans", sans-serif; --vscode-font-size: 13px; --vscode-editor-font-family: monospace;';
  const read = (path: string) => readFileSync(join(process.cwd(), path), 'utf8');
  const policy =
    "default-src 'none'; script-src http://panel.test; style-src http://panel.test; connect-src http://panel.test; worker-src blob:";
  return {
    'index.html': {
      contentType: 'text/html',
      body: `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Headroom</title>
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="theme.css"><link rel="stylesheet" href="panel.css"></head>
<body class="${isDark ? 'vscode-dark' : 'vscode-light'}"><div id="headroom" data-worker="http://panel.test/worker.js"></div><script src="panel.js"></script></body></html>`,
    },
    'theme.css': {
      contentType: 'text/css',
      body: `:root { ${variables.join(' ')} ${fonts} } body { background: var(--vscode-editor-background); margin: 0; }`,
    },
    'panel.css': { contentType: 'text/css', body: read('media/panel.css') },
    'panel.js': { contentType: 'text/javascript', body: read('dist/panel/panel.js') },
    'worker.js': { contentType: 'text/javascript', body: read('dist/panel/simulate-worker.js') },
  };
}
