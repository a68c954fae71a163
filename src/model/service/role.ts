import type { Process, ServiceRole, StoreEngine } from '../stack.ts';
import { lookUpImage } from './known-images.ts';

/** What decides a service's role. */
export interface RoleEvidence {
  readonly image: string | undefined;
  readonly processes: readonly Process[];
  /** Undefined when only a foreign image knows the command. */
  readonly hasCommand: boolean;
  /** Another service waits for this one to end, or it is written not to restart. */
  readonly ends: boolean;
}

/** The part a service plays; stores and proxies by image, the rest by what it runs. */
export function findRole(evidence: RoleEvidence): ServiceRole {
  const known = evidence.image === undefined ? undefined : lookUpImage(evidence.image);
  if (known?.engine) return storeRole(known.engine);
  if (known?.proxy) return 'proxy';
  const servers = evidence.processes.map((process) => process.server);
  if (evidence.ends && !servers.some(staysUp)) return 'one-shot';
  if (evidence.processes.length === 0) return evidence.hasCommand ? 'one-shot' : 'unknown';
  if (servers.some((server) => server === 'django-runserver' || server === 'flask-run')) return 'development';
  if (evidence.processes.some((process) => process.reload.known && process.reload.value)) return 'development';
  if (servers.some(isWebServer)) return 'web';
  if (servers.some((server) => taskWorkers.includes(server))) return 'worker';
  if (servers.includes('celery-beat')) return 'scheduler';
  if (
    servers.includes('python') &&
    evidence.processes.some((process) => process.code.queues.some((use) => use.purpose === 'queue'))
  )
    return 'worker';
  return 'unknown';
}

const taskWorkers: readonly Process['server'][] = ['celery', 'rq', 'dramatiq', 'huey'];

/** A server stays up whatever its restart policy says; other programs may end. */
function staysUp(server: Process['server']): boolean {
  return (
    isWebServer(server) ||
    taskWorkers.includes(server) ||
    ['celery-beat', 'django-runserver', 'flask-run'].includes(server)
  );
}

function isWebServer(server: Process['server']): boolean {
  return ['gunicorn', 'uvicorn', 'hypercorn', 'daphne', 'granian', 'uwsgi'].includes(server);
}

function storeRole(engine: StoreEngine): ServiceRole {
  if (engine === 'pgbouncer') return 'pooler';
  if (engine === 'rabbitmq') return 'broker';
  if (['redis', 'valkey', 'keydb', 'memcached'].includes(engine)) return 'cache';
  return 'database';
}
