import type { Edits } from '../model/fix.ts';
import { setCommandOption } from '../model/fixes/set-command-option.ts';
import type { Process } from '../model/stack.ts';

/** Writes the number of worker processes on the command line, which wins over every other place. */
export function setWorkers(process: Process, workers: number): Edits {
  const option = options[process.server];
  if (!option) return { refused: `${process.server} takes no number of processes on its command line` };
  return setCommandOption(process.command, { ...option, value: String(workers) });
}

const options: Partial<Record<Process['server'], { readonly flag: string; readonly aliases?: readonly string[] }>> = {
  gunicorn: { flag: '--workers', aliases: ['-w'] },
  uvicorn: { flag: '--workers' },
  hypercorn: { flag: '--workers', aliases: ['-w'] },
  granian: { flag: '--workers' },
  uwsgi: { flag: '--processes', aliases: ['-p', '--workers'] },
  celery: { flag: '--concurrency', aliases: ['-c'] },
  dramatiq: { flag: '--processes', aliases: ['-p'] },
};
