import { parseDockerfile } from '../../src/parse/dockerfile.ts';
import { parseEnv } from '../../src/parse/env.ts';
import { parsePython } from '../../src/parse/python.ts';
import { parseShell } from '../../src/parse/shell.ts';
import { parseYaml } from '../../src/parse/yaml.ts';

/** Errors that the parser of the file's kind finds; 0 for kinds without a parser. */
export function countSyntaxErrors(path: string, text: string): number {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/\.ya?ml$/.test(name)) return parseYaml(text).errors.length;
  if (/\.py$/.test(name)) return parsePython(text).errors.length;
  if (/dockerfile/i.test(name)) return parseDockerfile(text).errors.length;
  if (/\.sh$/.test(name)) return parseShell(text).errors.length;
  if (/\.env/.test(name)) return parseEnv(text, 'compose').errors.length;
  return 0;
}
