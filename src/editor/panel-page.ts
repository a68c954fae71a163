import * as vscode from 'vscode';

/** The page's HTML: its own script and styles only, nothing from a network, workers from memory. */
export function panelPage(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const script = webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'panel', 'panel.js'));
  const worker = webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'panel', 'simulate-worker.js'));
  const styles = webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'media', 'panel.css'));
  const nonce = createNonce();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `connect-src ${webview.cspSource}`,
    'worker-src blob:',
  ].join('; ');
  // The page's texts are English whatever the editor's language is; only its numbers follow that.
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Headroom</title>
<link rel="stylesheet" href="${styles}">
</head>
<body>
<div id="headroom" data-worker="${worker}"></div>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}

function createNonce(): string {
  // Node and the browser's workers have it; neither set of types that this host is checked with says so.
  const { crypto } = globalThis as unknown as { crypto: { getRandomValues(bytes: Uint8Array): Uint8Array } };
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
