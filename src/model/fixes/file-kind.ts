import type { SourceText } from '../../text/source-text.ts';
import { nameOf } from '../workspace.ts';

/** What a file is to the fix builders: which parser must still take it after an edit. */
export type FileKind = 'yaml' | 'python' | 'dockerfile' | 'env' | 'shell' | 'settings' | 'other';

/** Tells by the name, and for names that say nothing by the first lines. */
export function kindOfFile(source: SourceText): FileKind {
  const name = nameOf(source.path).toLowerCase();
  if (/\.ya?ml$/.test(name)) return 'yaml';
  if (/\.pyi?$/.test(name)) return 'python';
  if (/^(docker|container)file|\.(docker|container)file$/.test(name)) return 'dockerfile';
  if (/^\.?env(\.|$)|\.env$/.test(name)) return 'env';
  if (/\.(sh|bash)$/.test(name)) return 'shell';
  if (/\.(cnf|conf|ini|cfg)$/.test(name)) return 'settings';
  if (/^#!.*\b(sh|bash|ash|dash)\b/.test(source.text)) return 'shell';
  if (/^#!.*\bpython/.test(source.text)) return 'python';
  return /^\s*FROM\s+\S/im.test(source.text.slice(0, 4000)) ? 'dockerfile' : 'other';
}
