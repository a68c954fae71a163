import type { Process, Service } from '../model/stack.ts';
import { isDefault, type Known } from '../model/value.ts';

/** How long a server may need to finish what it has in hand once it is told to stop. */
export interface ShutdownNeed {
  readonly kind: 'graceful' | 'timeout' | 'task';
  /** How long the server itself waits before it ends what still runs. */
  readonly seconds: Known<number>;
  /** A written time that shows how long requests may take, where that is not what the server waits for. */
  readonly shownBy?: Known<number>;
  readonly says: string;
  /** True when the files show that requests or tasks may really take that long. */
  readonly longRequests: boolean;
}

/**
 * The need that exceeds the stop period, if any. Gunicorn waits for its graceful timeout and no longer (arbiter.py, stop);
 * a written timeout of sync workers only shows what requests may take (threads and event loops are not bound by it).
 * Celery and RQ wait for the task, which its time limit bounds, unless cut-off tasks run again anyway (acks_late).
 */
export function shutdownNeed(process: Process, stopSeconds: number): ShutdownNeed | undefined {
  const { gracefulTimeoutSeconds: graceful, timeoutSeconds: timeout } = process;
  if (process.server === 'celery' || process.server === 'rq') {
    if (!timeout.known || isDefault(timeout) || timeout.value <= stopSeconds) return undefined;
    if (process.code.celery?.acksLate) return undefined;
    return { kind: 'task', seconds: timeout, says: 'task time limit', longRequests: true };
  }
  if (process.server !== 'gunicorn' || !graceful.known || graceful.value <= stopSeconds) return undefined;
  if (!isDefault(graceful))
    return { kind: 'graceful', seconds: graceful, says: 'graceful timeout', longRequests: true };
  const isSync = process.concurrencyKind === 'single';
  if (isSync && timeout.known && !isDefault(timeout) && timeout.value > stopSeconds)
    return { kind: 'timeout', seconds: graceful, shownBy: timeout, says: 'graceful timeout', longRequests: true };
  return { kind: 'graceful', seconds: graceful, says: 'graceful timeout', longRequests: false };
}

/** A stop period that is shorter than what a server may need to finish. */
export interface ShutdownGap {
  readonly program: Process['server'];
  readonly need: ShutdownNeed;
  /** The period that ends first, of the container or of its supervisor. */
  readonly stop: Known<number>;
  readonly container: Known<number>;
  /** `stopwaitsecs`, where supervisord starts the program. */
  readonly supervisor: Known<number> | undefined;
}

/** The gap of a container's program; undefined where it finishes in time, or stops at once by its stop signal. */
export function shutdownGap(service: Service, process: Process): ShutdownGap | undefined {
  const container = service.stopGracePeriodSeconds;
  const { stopPeriodSeconds: supervisor } = process;
  if (!service.compose || !container.known || (supervisor && !supervisor.known)) return undefined;
  if (!supervisor && !stopsGently(service.stopSignal)) return undefined;
  const stop = supervisor !== undefined && supervisor.value < container.value ? supervisor : container;
  const need = shutdownNeed(process, stop.value);
  return need && { program: process.server, need, stop, container, supervisor };
}

/** SIGTERM asks for a graceful stop; SIGINT and SIGQUIT mean a quick one. */
function stopsGently(signal: Service['stopSignal']): boolean {
  return signal.known && /^((SIG)?TERM|15)$/i.test(signal.value);
}
