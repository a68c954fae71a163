import { documentedDefaults } from './defaults.ts';
import { type Figure, sourceOf } from './figure.ts';

/** Time-outs from the inside out: each gives the one around it the time to say what happened. */
export interface TimeoutSizing {
  readonly poolTimeoutSeconds: Figure;
  readonly workerTimeoutSeconds: Figure;
  readonly proxyTimeoutSeconds: Figure;
  readonly stopGracePeriodSeconds: Figure;
}

/**
 * Time-outs that fit a worker time-out: the pool gives up before it, the proxy and the container's stop after it. A worker
 * time-out of 0 (none) gives way to what the proxy leaves, else to Gunicorn's default.
 */
export function sizeTimeouts(of: {
  readonly workerSeconds: number;
  /** Null waits for ever. */
  readonly poolSeconds: number | null;
  readonly proxySeconds: number | null;
}): TimeoutSizing {
  const share = documentedDefaults['headroom.pool_timeout_share'].value;
  const marginSeconds = documentedDefaults['headroom.timeout_margin_seconds'].value;
  const gracefulSeconds = documentedDefaults['gunicorn.graceful_timeout'].value;
  const worker = workerTimeout(of.workerSeconds, of.proxySeconds);
  const workerSeconds = worker.value;
  const poolSeconds = of.poolSeconds ?? documentedDefaults['sqlalchemy.pool_timeout'].value;
  const exact = Math.min(poolSeconds, Math.round(workerSeconds * share * 1e6) / 1e6);
  return {
    poolTimeoutSeconds: {
      value: Math.max(1, Math.floor(exact)),
      formula: poolFormula(exact),
      inputs: { poolSeconds, workerSeconds, share },
      source: sourceOf('headroom.pool_timeout_share'),
    },
    workerTimeoutSeconds: worker,
    proxyTimeoutSeconds: {
      value: Math.ceil(workerSeconds + marginSeconds),
      formula: `workerSeconds + marginSeconds${Number.isInteger(workerSeconds) ? '' : ', rounded up'}`,
      inputs: { workerSeconds, marginSeconds },
      source: sourceOf('headroom.timeout_margin_seconds'),
    },
    stopGracePeriodSeconds: sizeStopPeriod(gracefulSeconds),
  };
}

function poolFormula(exactSeconds: number): string {
  if (exactSeconds < 1) return 'max(1, min(poolSeconds, workerSeconds x share))';
  return `min(poolSeconds, workerSeconds x share)${Number.isInteger(exactSeconds) ? '' : ', rounded down'}`;
}

/** The period after which a container may be killed whose program needs so many seconds to finish. */
export function sizeStopPeriod(needSeconds: number): Figure {
  const marginSeconds = documentedDefaults['headroom.timeout_margin_seconds'].value;
  return {
    value: Math.ceil(needSeconds + marginSeconds),
    formula: `needSeconds + marginSeconds${Number.isInteger(needSeconds) ? '' : ', rounded up'}`,
    inputs: { needSeconds, marginSeconds },
    source: sourceOf('headroom.timeout_margin_seconds'),
  };
}

function workerTimeout(workerSeconds: number, proxySeconds: number | null): Figure {
  if (workerSeconds > 0)
    return {
      value: workerSeconds,
      formula: 'workerSeconds',
      inputs: { workerSeconds },
      source: sourceOf('gunicorn.timeout'),
    };
  const marginSeconds = documentedDefaults['headroom.timeout_margin_seconds'].value;
  const standardSeconds = documentedDefaults['gunicorn.timeout'].value;
  if (proxySeconds === null || proxySeconds - marginSeconds < 1) {
    return {
      value: standardSeconds,
      formula: 'standardSeconds',
      inputs: { standardSeconds },
      source: sourceOf('gunicorn.timeout'),
    };
  }
  return {
    value: Math.floor(proxySeconds - marginSeconds),
    formula: `proxySeconds - marginSeconds${Number.isInteger(proxySeconds) ? '' : ', rounded down'}`,
    inputs: { proxySeconds, marginSeconds },
    source: sourceOf('headroom.timeout_margin_seconds'),
  };
}
