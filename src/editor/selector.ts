import * as vscode from 'vscode';

/** The files in which Headroom has something to say, by language and, for hosts that lack one, by name. */
const languages = ['dockercompose', 'dockerfile', 'dotenv', 'yaml', 'python', 'shellscript', 'ini', 'properties'];
const names =
  '**/{*.yml,*.yaml,*Dockerfile*,*dockerfile*,Containerfile*,.env*,*.env,*.py,*.sh,*entrypoint*,Procfile*,*.service,*.conf,*.cnf,*.ini}';

/** Selects them everywhere, or in one workspace folder. */
export function selectFiles(folder?: vscode.WorkspaceFolder): readonly vscode.DocumentFilter[] {
  if (!folder) return [...languages.map((language) => ({ language })), { pattern: names }];
  const everywhere = new vscode.RelativePattern(folder, '**');
  return [
    ...languages.map((language) => ({ language, pattern: everywhere })),
    { pattern: new vscode.RelativePattern(folder, names) },
  ];
}
