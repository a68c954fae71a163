import type { Process } from '../model/stack.ts';

/** True for programs whose state or file belongs to one process: a scheduler, Socket.IO without a queue, SQLite. */
export function mustStaySingle(process: Process): boolean {
  return whatStaysSingle(process) !== undefined;
}

/** What keeps a program to one process; undefined for programs that may run several. */
export function whatStaysSingle({ code, pools, django }: Process): string | undefined {
  if (code.scheduler) return 'each would run its scheduler';
  if (code.socketIo) return 'Socket.IO without a message queue needs a single process';
  const usesFile =
    pools.some((pool) => pool.engine.known && pool.engine.value === 'sqlite') ||
    django?.databases.some(({ engine }) => engine.known && engine.value === 'sqlite') === true;
  return usesFile ? 'SQLite takes one writer at a time' : undefined;
}
