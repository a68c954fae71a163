import * as vscode from 'vscode';
import { type Severity, severities } from '../rules/rule.ts';

/** The user's settings for one folder. */
export interface FolderSettings {
  readonly enabled: boolean;
  readonly openFilesOnly: boolean;
  readonly showIgnore: boolean;
  readonly showLens: boolean;
  /** Compose files that form the project; undefined where the user has chosen none. */
  readonly composeFiles: readonly string[] | undefined;
  /** Severities by rule; `headroom.yaml` goes before them. */
  readonly severities: ReadonlyMap<string, Severity | 'off'>;
}

/** Reads the settings that hold for a folder; values of another type count as not set. */
export function readSettings(folder: vscode.WorkspaceFolder): FolderSettings {
  const settings = vscode.workspace.getConfiguration('headroom', folder);
  return {
    enabled: settings.get<unknown>('enable') !== false,
    openFilesOnly: settings.get<unknown>('analyse') === 'openFiles',
    showIgnore: settings.get<unknown>('codeActions.showIgnore') !== false,
    showLens: settings.get<unknown>('codeLens.enable') !== false,
    composeFiles: readTexts(settings.get<unknown>('composeFiles')),
    severities: readSeverities(settings.get<unknown>('rules')),
  };
}

/** True when every analysis is to be logged. */
export function isTracing(): boolean {
  return vscode.workspace.getConfiguration('headroom').get<unknown>('trace') === 'messages';
}

function readTexts(value: unknown): readonly string[] | undefined {
  const texts = Array.isArray(value) ? value.filter((entry) => typeof entry === 'string' && entry !== '') : [];
  return texts.length === 0 ? undefined : texts;
}

function readSeverities(value: unknown): ReadonlyMap<string, Severity | 'off'> {
  const read = new Map<string, Severity | 'off'>();
  if (typeof value !== 'object' || value === null) return read;
  for (const [rule, setting] of Object.entries(value)) {
    const severity = [...severities, 'off' as const].find((candidate) => candidate === setting);
    if (severity) read.set(rule, severity);
  }
  return read;
}
