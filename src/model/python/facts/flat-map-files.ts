import type { SourceText } from '../../../text/source-text.ts';
import type { Pausable } from '../../pausable.ts';
import type { PythonProgram } from '../python-program.ts';

/** What `read` finds in each of the files that matter, with pauses between them and while one is parsed. */
export function* flatMapFiles<R>(
  sources: readonly SourceText[],
  how: {
    readonly program: PythonProgram;
    /** Tells from the text alone whether the file is worth parsing. */
    readonly matters: (source: SourceText) => boolean;
    readonly read: (source: SourceText) => readonly R[];
  },
): Pausable<R[]> {
  const { program, matters, read } = how;
  const found: R[] = [];
  for (const source of sources) {
    yield;
    if (!matters(source)) continue;
    yield* program.prepare(source);
    found.push(...read(source));
  }
  return found;
}
