import * as vscode from 'vscode';
import { isTracing } from './read-settings.ts';

/** The `Headroom` output log. It holds paths, counts and the names of errors, never what files say. */
export interface Log extends vscode.Disposable {
  show(): void;
  /** Written only while `headroom.trace` asks for it. */
  message(text: string): void;
  failure(doing: string, error: unknown): void;
}

/** Creates the output log. */
export function createLog(): Log {
  const channel = vscode.window.createOutputChannel('Headroom', { log: true });
  return {
    show: () => channel.show(),
    message(text) {
      if (isTracing()) channel.info(text);
    },
    failure: (doing, error) => channel.error(`${doing}: ${describe(error)}`),
    dispose: () => channel.dispose(),
  };
}

/** An error's name and its places in our code; its message could quote a file. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, ...places].join('\n');
}
