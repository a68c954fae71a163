import * as vscode from 'vscode';
import { findDefault } from '../capacity/defaults.ts';
import { type Place, type SettingHere, settingsAt, subjectsAt } from '../engine/settings-at.ts';
import { showSetting } from '../engine/show-setting.ts';
import type { StackSetting, StackSubject } from '../engine/stack-settings.ts';
import { isDefault } from '../model/value.ts';
import type { Hop } from '../text/trail.ts';
import type { Folders } from './folders.ts';
import { rangeOf, uriOf } from './positions.ts';
import { selectFiles } from './selector.ts';

/** Settings that one hover lists at most; the command `headroom stack` shows all. */
const settingsShown = 6;

/** Shows, over a setting's text, its effective value, the way it came and what loses to it. */
export function showHovers(folders: Folders): vscode.Disposable {
  return vscode.languages.registerHoverProvider(selectFiles(), {
    async provideHover(document, position, token) {
      for (const { folder, path } of folders.holding(document.uri)) {
        const result = await folder.settle();
        if (token.isCancellationRequested || !result) continue;
        const { projects } = result.analysis.reading.stack;
        const place = { path, offset: document.offsetAt(position) };
        const hover = hoverAt(place, { projects, root: folder.folder.uri, several: projects.length > 1 });
        if (hover) return hover;
      }
      return undefined;
    },
  });
}

interface Surroundings {
  readonly projects: Parameters<typeof settingsAt>[0];
  readonly root: vscode.Uri;
  /** Several projects: each value says whose it is. */
  readonly several: boolean;
}

function hoverAt(place: Place, around: Surroundings): vscode.Hover | undefined {
  const here = settingsAt(around.projects, place);
  const [first] = here;
  if (first) {
    const shown = here.slice(0, settingsShown).map((setting) => describe(setting, around));
    return new vscode.Hover(shown, rangeOf(first.at.source, first.at.span));
  }
  const [subject] = subjectsAt(around.projects, place);
  return subject && new vscode.Hover(summarise(subject, around.root), rangeOf(subject.at.source, subject.at.span));
}

/** One setting: who has it, its value, then the steps and the rivals. */
function describe(here: SettingHere, { root, several }: Surroundings): vscode.MarkdownString {
  const { setting, subject, part, project } = here;
  const { value } = setting;
  const text = new vscode.MarkdownString();
  if (part === 'loses') text.appendMarkdown(`${vscode.l10n.t('This text does not count.')}\n\n`);
  text.appendMarkdown(`**${literal(subject)}**: ${literal(setting.name)} **${literal(showSetting(setting))}**`);
  if (several) text.appendMarkdown(` (${literal(project)})`);
  const steps = part === 'loses' && value.known ? [{ at: value.at, says: vscode.l10n.t('this counts') }] : value.trail;
  const lines = [
    ...steps.map((hop) => `- ${showHop(hop, root)}`),
    ...(value.overridden ?? []).map((hop) => `- ~~${showPlace(hop, root)}~~ ${literal(hop.says)}`),
  ];
  if (lines.length > 0) text.appendMarkdown(`\n\n${lines.join('\n')}`);
  return text;
}

/** A service, process, pool or store at a glance: what is known of it, with the places. */
function summarise({ name, settings }: StackSubject, root: vscode.Uri): vscode.MarkdownString {
  const text = new vscode.MarkdownString(`**${literal(name)}**\n\n`);
  const lines = settings.filter(isTelling).map((setting) => {
    const { value } = setting;
    const last = value.trail.at(-1);
    const origin = value.known && !isDefault(value) ? showPlace({ at: value.at }, root) : last && showPlace(last, root);
    return `- ${literal(setting.name)}: **${literal(showSetting(setting))}**${origin ? ` · ${origin}` : ''}`;
  });
  return text.appendMarkdown(lines.join('\n'));
}

function isTelling({ value }: StackSetting): boolean {
  return !value.known || (value.value !== null && value.value !== false && value.value !== '');
}

function showHop(hop: Hop, root: vscode.Uri): string {
  return `${showPlace(hop, root)}: ${literal(hop.says)}`;
}

function showPlace(hop: Pick<Hop, 'at'>, root: vscode.Uri): string {
  const { at } = hop;
  if ('default' in at) {
    const entry = findDefault(at.default);
    if (!entry) return vscode.l10n.t('default');
    const version = entry.version === 'all' ? '' : ` ${entry.version}`;
    return literal(vscode.l10n.t('default of {0} ({1})', `${entry.program}${version}`, entry.source));
  }
  const { source, span } = at;
  const line = rangeOf(source, span).start.line + 1;
  return `[${literal(source.path)}:${line}](${uriOf(root, source.path)
    .with({ fragment: `L${line}` })
    .toString()})`;
}

/** Text from files is shown as it is, never as Markdown. */
function literal(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~&]/g, '\\$&');
}
