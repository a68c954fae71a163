import type { Figure } from '../capacity/figure.ts';
import type { StackSettings } from '../capacity/stack-settings.ts';
import { sizeStopPeriod, sizeTimeouts } from '../capacity/timeout-sizing.ts';
import { joinEdits } from '../model/fix.ts';
import { replaceNumber } from '../model/fixes/replace-text.ts';
import { setProxyTimeout } from '../model/fixes/set-proxy-timeout.ts';
import { setStopWait } from '../model/fixes/set-stop-wait.ts';
import type { Pool } from '../model/pool.ts';
import type { Service } from '../model/stack.ts';
import { isDefault, type Known, knownValue } from '../model/value.ts';
import { formatSeconds, listNames } from '../text/wording.ts';
import { plannedProcess } from './planned-project.ts';
import type { PlannedStack } from './planned-stack.ts';
import { poolConcurrency } from './pool-use.ts';
import { callerLimit, routesByTimeout, routesTo, type TimedRoutes } from './proxied.ts';
import type { Proposal } from './recommendation.ts';
import { type RequestLimit, requestLimit } from './request-limit.ts';
import { type ShutdownNeed, shutdownGap } from './shutdown-need.ts';

/** Time-outs that do not fit each other: of the pools, the workers, the proxy, and the stop of the containers. */
export function recommendTimeouts(planned: PlannedStack): readonly Proposal[] {
  const { target } = planned;
  return [
    ...recommendWorkerTimeout(planned),
    ...shortRoutes(planned).map((routes) => recommendProxyTimeout(routes, planned)),
    ...target.pools.flatMap((pool) => recommendPoolTimeout(pool, planned)),
    ...target.project.services.filter(staysUp).flatMap(recommendStop),
  ];
}

/** The planned settings with the time-outs of today, but for those that a row changes. */
export function withPlannedTimeouts(settings: StackSettings, planned: PlannedStack): StackSettings {
  const { target, today, sizing } = planned;
  const { pool } = target;
  const proxySeconds = shortRoutes(planned).map(({ wantedSeconds }) => wantedSeconds);
  const waitToday = today.pool ? today.pool.timeoutSeconds : knownValue(pool?.timeoutSeconds);
  const poolSeconds = (pool && longWait(pool, planned)?.figure.value) ?? waitToday ?? null;
  return {
    ...settings,
    pool: settings.pool && { ...settings.pool, timeoutSeconds: poolSeconds },
    workerTimeoutSeconds: disabledTimeout(planned) ? sizing.workerTimeoutSeconds.value : today.workerTimeoutSeconds,
    proxyTimeoutSeconds:
      today.proxyTimeoutSeconds === null ? null : Math.max(today.proxyTimeoutSeconds, ...proxySeconds),
  };
}

/**
 * A time-out of 0 that is written for sync workers, of which one that hangs answers nobody. Threaded workers and event loops
 * report that they are alive whatever their requests do: there 0 is a choice (Google's Cloud Run documents it).
 */
function disabledTimeout({ target, sizing }: PlannedStack): Known<number> | undefined {
  const { server, concurrencyKind, timeoutSeconds } = target.process;
  const isWatched = server === 'gunicorn' && concurrencyKind === 'single' && sizing.threads.value === 1;
  return isWatched && timeoutSeconds.known && timeoutSeconds.value === 0 ? timeoutSeconds : undefined;
}

function recommendWorkerTimeout(planned: PlannedStack): readonly Proposal[] {
  const disabled = disabledTimeout(planned);
  if (!disabled) return [];
  const { target, sizing } = planned;
  const figure = sizing.workerTimeoutSeconds;
  return [
    {
      setting: '--timeout',
      subject: target.service.name,
      today: '0 (never)',
      planned: formatSeconds(figure.value),
      reason: 'without a time-out nobody replaces a worker that hangs',
      figure,
      unit: 'seconds',
      at: disabled.at,
      change: { kind: 'edits', edits: replaceNumber(disabled, figure.value) },
      services: [target.service],
      decides: 'workerTimeoutSeconds',
    },
  ];
}

/** Routes whose proxy gives up before the planned worker does, and how long it should wait. */
interface ShortRoutes extends TimedRoutes {
  readonly limit: string;
  readonly limitSeconds: number;
  readonly wantedSeconds: number;
}

function shortRoutes(planned: PlannedStack): readonly ShortRoutes[] {
  const { project, service } = planned.target;
  const process = plannedProcess(planned);
  const limit = requestLimit(process);
  if (!limit || limit.seconds.value <= 0) return [];
  const limitSeconds = limit.seconds.value;
  const wantedSeconds = timeoutsAround(limitSeconds).proxyTimeoutSeconds.value;
  return routesByTimeout(routesTo(project, { service, process }))
    .filter(({ read }) => read.value < limitSeconds)
    .map((routes) => ({ ...routes, limit: limit.name, limitSeconds, wantedSeconds }));
}

function timeoutsAround(workerSeconds: number, poolSeconds: number | null = null) {
  return sizeTimeouts({ workerSeconds, poolSeconds, proxySeconds: null });
}

function recommendProxyTimeout(routes: ShortRoutes, { target }: PlannedStack): Proposal {
  const { read, directive, limit, limitSeconds, wantedSeconds } = routes;
  const locations = listNames([...new Set(routes.routes.map(({ route }) => route.location))], 3);
  const proxies = [...new Set(routes.routes.map(({ proxy }) => proxy))];
  const places = (isDefault(read) ? routes.routes : routes.routes.slice(0, 1)).map(({ route }) => route);
  return {
    setting: directive,
    subject: `${listNames(proxies.map(({ name }) => name))} ${locations}`,
    today: formatSeconds(read.value) + (isDefault(read) ? ' (default)' : ''),
    planned: formatSeconds(wantedSeconds),
    reason:
      'the proxy gives up after {read}, {limit} of {service} is {seconds}: the client gets a 504 while the work goes on',
    values: {
      read: formatSeconds(read.value),
      limit,
      service: target.service.name,
      seconds: formatSeconds(limitSeconds),
    },
    figure: timeoutsAround(limitSeconds).proxyTimeoutSeconds,
    unit: 'seconds',
    at: isDefault(read) ? (places[0]?.at ?? read.at) : read.at,
    change: { kind: 'edits', edits: joinEdits(places.map((route) => setProxyTimeout(route, wantedSeconds))) },
    services: proxies,
  };
}

/** A written pool time-out that ends after whoever ends the request, and the one that it should be. */
interface LongWait {
  readonly wait: Known<number>;
  readonly limit: RequestLimit;
  readonly figure: Figure;
}

/** Where requests can wait for a connection, the pool must give up first. */
function longWait(pool: Pool, planned: PlannedStack): LongWait | undefined {
  const { project, service, process } = planned.target;
  const wait = pool.timeoutSeconds;
  const limit = callerLimit(project, { service, process: plannedProcess(planned) });
  // The plan's pools hold a connection for each thread; only event loops take more requests than that.
  const waits = !poolConcurrency(pool, process).known && Number.isFinite(knownValue(pool.capacity) ?? Infinity);
  if (!waits || !limit || !wait.known || wait.value === null || isDefault(wait)) return undefined;
  const limitSeconds = limit.seconds.value;
  if (limitSeconds <= 0 || wait.value < limitSeconds) return undefined;
  const figure = timeoutsAround(limitSeconds, wait.value).poolTimeoutSeconds;
  return { wait: { ...wait, value: wait.value }, limit, figure };
}

function recommendPoolTimeout(pool: Pool, planned: PlannedStack): readonly Proposal[] {
  const found = longWait(pool, planned);
  if (!found) return [];
  const { wait, limit, figure } = found;
  return [
    {
      setting: 'pool timeout',
      subject: pool.alias ?? pool.library,
      today: formatSeconds(wait.value),
      planned: formatSeconds(figure.value),
      reason: '{limit} ends a request after {seconds}, before the pool can say that it has no connection',
      values: { limit: limit.name, seconds: formatSeconds(limit.seconds.value) },
      figure,
      unit: 'seconds',
      at: wait.at,
      change: { kind: 'edits', edits: replaceNumber(wait, figure.value) },
      services: [planned.target.service],
    },
  ];
}

function staysUp(service: Service): boolean {
  return service.active && service.role !== 'one-shot';
}

/** Stop periods that end before the service's programs have finished; the longest need decides the container's. */
function recommendStop(service: Service): readonly Proposal[] {
  const gaps = service.processes.flatMap((process) => shutdownGap(service, process) ?? []);
  const [longest] = gaps.map(({ need }) => need).sort((left, right) => right.seconds.value - left.seconds.value);
  if (!longest) return [];
  const container = gaps.flatMap((gap) => (gap.container.value < longest.seconds.value ? [gap.container] : []))[0];
  return [
    ...gaps.flatMap(({ supervisor, need, program }) =>
      supervisor && supervisor.value < need.seconds.value
        ? [
            {
              ...describeStop(need, supervisor),
              setting: 'stopwaitsecs',
              subject: `${service.name} ${program}`,
              change: { kind: 'edits' as const, edits: setStopWait(supervisor, stopPeriod(need).value) },
              services: [service],
            },
          ]
        : [],
    ),
    ...(container
      ? [
          {
            ...describeStop(longest, container),
            setting: 'stop_grace_period',
            subject: service.name,
            change: {
              kind: 'service' as const,
              service,
              path: ['stop_grace_period'],
              text: `${stopPeriod(longest).value}s`,
            },
            services: [service],
          },
        ]
      : []),
  ];
}

function describeStop(need: ShutdownNeed, stop: Known<number>) {
  const figure = stopPeriod(need);
  return {
    today: formatSeconds(stop.value) + (isDefault(stop) ? ' (default)' : ''),
    planned: formatSeconds(figure.value),
    reason: 'the {what} is {need}; what still runs after the stop period is killed',
    values: { what: need.says, need: formatSeconds(need.seconds.value) },
    figure,
    unit: 'seconds' as const,
    at: stop.at,
  };
}

function stopPeriod({ seconds }: ShutdownNeed): Figure {
  return sizeStopPeriod(seconds.value);
}
