import { documentedDefaults } from './defaults.ts';
import { type Figure, sourceOf } from './figure.ts';

/** Time-outs from the inside out: each gives the one around it the time to say what happened. */
export interface TimeoutSizing {
  readonly poolTimeoutSeconds: Figure;
  readonly workerTimeoutSeconds: Figure;
  readonly proxyTimeoutSeconds: Figure;
  readonly stopGracePeriodSeconds: Figure;
}

/** Time-outs that fit a worker time-out: the pool gives up before it, the proxy and the container's stop after it. */
export function sizeTimeouts(workerTimeout: number, poolTimeout: number): TimeoutSizing {
  const share = documentedDefaults['headroom.pool_timeout_share'].value;
  const marginSeconds = documentedDefaults['headroom.timeout_margin_seconds'].value;
  const gracefulSeconds = documentedDefaults['gunicorn.graceful_timeout'].value;
  const workerSeconds = workerTimeout > 0 ? workerTimeout : documentedDefaults['gunicorn.timeout'].value;
  const poolSeconds = Math.max(1, Math.floor(Math.min(poolTimeout, workerSeconds * share)));
  return {
    poolTimeoutSeconds: {
      value: poolSeconds,
      formula: 'min(poolSeconds, workerSeconds x share)',
      inputs: { poolSeconds: poolTimeout, workerSeconds, share },
      source: sourceOf('headroom.pool_timeout_share'),
    },
    workerTimeoutSeconds: {
      value: workerSeconds,
      formula: 'workerSeconds',
      inputs: { workerSeconds },
      source: sourceOf('gunicorn.timeout'),
    },
    proxyTimeoutSeconds: {
      value: workerSeconds + marginSeconds,
      formula: 'workerSeconds + marginSeconds',
      inputs: { workerSeconds, marginSeconds },
      source: sourceOf('headroom.timeout_margin_seconds'),
    },
    stopGracePeriodSeconds: {
      value: gracefulSeconds + marginSeconds,
      formula: 'gracefulSeconds + marginSeconds',
      inputs: { gracefulSeconds, marginSeconds },
      source: sourceOf('headroom.timeout_margin_seconds'),
    },
  };
}
