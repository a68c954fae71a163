import type { Location } from '../text/span.ts';
import { defaultHop } from './process/server-settings.ts';
import { findRole } from './service/role.ts';
import type { Environment, Process, Service } from './stack.ts';
import { known, type Value } from './value.ts';

/** Outside compose the platform may set variables: what code and scripts fall back to is an assumption. */
export function platformEnvironment(variables: ReadonlyMap<string, Value<string>>): Environment {
  return { variables, complete: false, why: 'the platform or the host may set variables' };
}

/** True when every process of the right service starts at a place where one of the left does. */
export function sameProcesses(left: Service, right: Service): boolean {
  const places = new Set(left.processes.map((process) => `${process.at.source.path}:${process.at.span.start}`));
  return right.processes.every((process) => places.has(`${process.at.source.path}:${process.at.span.start}`));
}

/** A service that no compose file describes: one replica, no limits. */
export function bareService(from: {
  name: string;
  at: Location;
  processes: readonly Process[];
  environment: Environment;
}): Service {
  const { at } = from;
  const none: Value<null> = known(null, at, [defaultHop('compose.limits')]);
  return {
    name: from.name,
    role: findRole({ image: undefined, processes: from.processes, hasCommand: true, ends: false }),
    at,
    active: true,
    image: undefined,
    build: undefined,
    environment: from.environment,
    replicas: known(1, at),
    limits: { memoryBytes: none, cpus: none, memoryReservationBytes: none, pairs: [] },
    stopGracePeriodSeconds: known(10, at, [defaultHop('compose.stop_grace_period')]),
    stopSignal: known('SIGTERM', at, [defaultHop('docker.stop_signal')]),
    publishedPorts: [],
    volumes: [],
    networks: [],
    processes: from.processes,
    compose: undefined,
  };
}
