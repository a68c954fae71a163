import type { Edits } from '../model/fix.ts';
import { type CommandOption, setCommandOption } from '../model/fixes/set-command-option.ts';
import type { Process } from '../model/stack.ts';

/** Writes the number of worker processes on the command line, which wins over every other place. */
export function setWorkers(process: Process, workers: number): Edits {
  const option = workersOption(process, workers);
  if (!option) return { refused: `${process.server} takes no number of processes on its command line` };
  return setCommandOption(process.command, option);
}

/** The option of the server's command line that sets its processes; undefined for servers without one. */
export function workersOption(
  process: Process,
  workers: number,
): (CommandOption & { readonly value: string }) | undefined {
  const option = options[process.server];
  return option && { ...option, value: String(workers) };
}

/** True for servers whose workers serve several requests in threads that an option numbers. */
export function takesThreads({ server }: Process): boolean {
  return server === 'gunicorn' || server === 'uwsgi';
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
