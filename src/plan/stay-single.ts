import type { Process } from '../model/stack.ts';

/** True for programs whose state or file belongs to one process: a scheduler, Socket.IO without a queue, SQLite. */
export function mustStaySingle(process: Process): boolean {
  const { code, pools, django } = process;
  if (code.scheduler || code.socketIo) return true;
  if (pools.some((pool) => pool.engine.known && pool.engine.value === 'sqlite')) return true;
  return django?.databases.some(({ engine }) => engine.known && engine.value === 'sqlite') === true;
}
