import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Replaces a file's content in one step (a new file beside it, then a rename), keeping its mode and, where allowed, its
 * owner. `path` is a real path. Throws when the folder cannot be written.
 */
export function writeFileWhole(path: string, content: string): void {
  const { mode, uid, gid } = statSync(path);
  const beside = join(dirname(path), `.${basename(path)}.headroom-${process.pid}`);
  try {
    const file = openSync(beside, 'wx', mode);
    try {
      writeFileSync(file, content, 'utf8');
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    keepOwner(beside, { uid, gid });
    chmodSync(beside, mode);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

function keepOwner(path: string, owner: { uid: number; gid: number }): void {
  try {
    chownSync(path, owner.uid, owner.gid);
  } catch {
    // Only the superuser may give a file away; the file then belongs to whoever runs the command.
  }
}
