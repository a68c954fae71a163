import type { Project, Service } from '../model/stack.ts';
import type { Value } from '../model/value.ts';
import { type Location, textAt } from '../text/span.ts';
import type { Hop } from '../text/trail.ts';
import { isWorkForCapacity } from './environment-number.ts';

/** A writing of a capacity variable that decides nothing for a service, with the value that counts. */
export interface OverriddenVariable {
  readonly name: string;
  /** The writing without effect. */
  readonly at: Location;
  readonly wins: Value<unknown>;
  readonly why: string;
}

/**
 * Capacity variables of a service that are written twice with different values. Silent for an image's own defaults, which
 * are there to be overridden, and for an env file whose value another service uses.
 */
export function overriddenVariables(service: Service, project: Project): readonly OverriddenVariable[] {
  const image = service.build?.dockerfile;
  const isUsedElsewhere = (name: string, at: Location) =>
    project.services.some((other) => {
      const value = other.environment.variables.get(name);
      return other !== service && value !== undefined && isSame(value.at, at);
    });
  const judge = (name: string, value: Value<unknown>, lost: Hop): readonly OverriddenVariable[] => {
    if ('default' in lost.at || lost.at.source === image || !value.known) return [];
    if (plainText(lost.at) === plainText(value.at) || isUsedElsewhere(name, lost.at)) return [];
    return [{ name, at: lost.at, wins: value, why: lost.says }];
  };
  const variables = [...service.environment.variables].filter(([name]) => isWorkForCapacity(name));
  return [
    ...variables.flatMap(([name, value]) => (value.overridden ?? []).flatMap((lost) => judge(name, value, lost))),
    ...service.processes.flatMap(({ workers, environment }) => {
      const variable = environment.variables.get('WEB_CONCURRENCY');
      const lost = variable && workers.overridden?.find(({ at }) => !('default' in at) && isSame(at, variable.at));
      return lost ? judge('WEB_CONCURRENCY', workers, lost) : [];
    }),
  ];
}

function isSame(left: Location, right: Location): boolean {
  return left.source === right.source && left.span.start === right.span.start;
}

function plainText(at: Location): string {
  return textAt(at).replace(/^(["'])(.*)\1$/, '$2');
}
