import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Answer, OracleCase } from '../agreement.ts';
import { oraclesFolder } from '../folder.ts';
import { pythonPath } from '../programs.ts';
import { poolCases } from './cases.ts';

/** Builds the pool of a case with its real library. The first call builds the pools of all cases in one Python. */
export async function ask({ name }: OracleCase): Promise<Answer> {
  answers ??= buildAll();
  const answer = (await answers)[name];
  if (!answer) throw new Error(`No answer for ${name}`);
  return answer;
}

/** The libraries that build the pools, with their versions. */
export async function version(): Promise<string> {
  return (await runProbe(['--versions'], '')).trim();
}

let answers: Promise<Readonly<Record<string, Answer>>> | undefined;

async function buildAll(): Promise<Readonly<Record<string, Answer>>> {
  const modules = Object.fromEntries(poolCases().map(({ name, files }) => [name, files['main.py']]));
  return JSON.parse(await runProbe([], JSON.stringify(modules))) as Readonly<Record<string, Answer>>;
}

function runProbe(words: readonly string[], input: string): Promise<string> {
  const env = { PATH: process.env.PATH, PYTHONPATH: pythonPath('sid'), PYTHONDONTWRITEBYTECODE: '1' };
  const child = spawn('python3', [join(oraclesFolder, 'pools/probe.py'), ...words], { env });
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    let [output, errors] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(errors))));
  });
}
