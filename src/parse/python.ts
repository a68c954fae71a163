import { sizeCaps } from './parse-result.ts';
import { convertStatements } from './python-statements.ts';
import { readPythonSyntax } from './python-syntax.ts';
import type { PythonModule } from './python-tree.ts';
import { checkSize } from './size-check.ts';

/**
 * Parses a Python module. Never throws: an oversized text gives an empty body with the error `too-large`, a text the
 * parser cannot take `parser-failed`; half-typed statements become `other` and the ones behind them are kept.
 */
export function parsePython(text: string): PythonModule {
  const work = parsePythonPausing(text);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** `parsePython`, with pauses for the caller: a large file takes long. */
export function* parsePythonPausing(text: string): Generator<undefined, PythonModule, undefined> {
  const tooLarge = checkSize(text, sizeCaps.python);
  if (tooLarge) return { body: [], errors: [tooLarge] };
  try {
    const { root, errors } = yield* readPythonSyntax(text);
    yield;
    return { body: convertStatements(root.children, 0), errors };
  } catch {
    return { body: [], errors: [{ code: 'parser-failed', span: { start: 0, end: 0 } }] };
  }
}
