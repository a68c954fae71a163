import * as vscode from 'vscode';
import { positionAt, type SourceText } from '../text/source-text.ts';
import type { Location, Span } from '../text/span.ts';

/** The editor's range of a span. */
export function rangeOf(source: SourceText, span: Span): vscode.Range {
  const start = positionAt(source, span.start);
  const end = positionAt(source, span.end);
  return new vscode.Range(start.line, start.column, end.line, end.column);
}

/** The editor's location of a place in a folder's file. */
export function locationOf(folder: vscode.Uri, at: Location): vscode.Location {
  return new vscode.Location(uriOf(folder, at.source.path), rangeOf(at.source, at.span));
}

/** The address of a file by its path relative to the folder. */
export function uriOf(folder: vscode.Uri, path: string): vscode.Uri {
  return vscode.Uri.joinPath(folder, ...path.split('/'));
}

/** The path of a file relative to the folder, with forward slashes; undefined for a file outside. */
export function pathIn(folder: vscode.Uri, uri: vscode.Uri): string | undefined {
  if (uri.scheme !== folder.scheme || uri.authority !== folder.authority) return undefined;
  const base = folder.path.endsWith('/') ? folder.path : `${folder.path}/`;
  if (!sameStart(uri.path, base)) return undefined;
  const path = uri.path.slice(base.length);
  return path === '' ? undefined : path;
}

/** Windows drive letters come in both cases. */
function sameStart(path: string, base: string): boolean {
  if (path.startsWith(base)) return true;
  const drive = /^\/[A-Za-z]:/;
  return (
    drive.test(path) && path.slice(2).startsWith(base.slice(2)) && path[1]?.toLowerCase() === base[1]?.toLowerCase()
  );
}
