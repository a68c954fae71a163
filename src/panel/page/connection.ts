import type { FromPanel, PanelState, ToPanel } from '../protocol.ts';

/** What the editor gives a webview's page; it may be taken once. */
interface EditorApi {
  postMessage(message: FromPanel): void;
  setState(state: PanelState): void;
}

declare function acquireVsCodeApi(): EditorApi;

/** The page's line to the extension. */
export interface Connection {
  send(message: FromPanel): void;
  /** Kept by the editor over a reload. */
  keep(state: PanelState): void;
  listen(listener: (message: ToPanel) => void): () => void;
}

/** Takes the editor's side of the line. */
export function connect(): Connection {
  const editor = acquireVsCodeApi();
  return {
    send: (message) => editor.postMessage(message),
    keep: (state) => editor.setState(state),
    listen(listener) {
      const receive = ({ data }: MessageEvent<ToPanel>) => listener(data);
      addEventListener('message', receive);
      return () => removeEventListener('message', receive);
    },
  };
}
