import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Answer, Oracle, OracleCase } from '../agreement.ts';
import { envCases } from '../env-values/cases.ts';
import { readWith } from '../env-values/ours.ts';
import { pythonPath } from '../programs.ts';

const run = promisify(execFile);

/** "python-dotenv 1.2.1". */
export async function version(): Promise<string> {
  const program = 'from dotenv.version import __version__; print(__version__)';
  const { stdout } = await run('python3', ['-c', program], { env: environment() });
  return `python-dotenv ${stdout.trim()}`;
}

/** Values of env files before expansion, as python-dotenv reads them. */
export const oracle: Oracle = { name: 'python-dotenv', cases: envCases, ask, ours: readWith('python-dotenv') };

/** The library logs lines that it cannot read, and goes on. */
async function ask(given: OracleCase): Promise<Answer> {
  const { stdout } = await run('python3', ['-c', reader, given.files['.env'] ?? ''], { env: environment() });
  return { refused: false, values: JSON.parse(stdout) };
}

const reader = `
import io, json, logging, sys
from dotenv import dotenv_values
logging.disable(logging.CRITICAL)
print(json.dumps(dotenv_values(stream=io.StringIO(sys.argv[1], newline=''), interpolate=False)))
`;

function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? '', PYTHONPATH: pythonPath('sid') };
}
