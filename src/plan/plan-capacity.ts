import { type CapacityInputs, responseSeconds } from '../capacity/capacity-inputs.ts';
import type { CapacityPlan, ServerConnections } from '../capacity/capacity-plan.ts';
import { documentedDefaults } from '../capacity/defaults.ts';
import { reservedConnections } from '../capacity/pool-sizing.ts';
import { type StackSizing, sizeStack } from '../capacity/size-stack.ts';
import { recommendedSettings, type StackSettings } from '../capacity/stack-settings.ts';
import type { Edits } from '../model/fix.ts';
import { knownValue } from '../model/value.ts';
import { type GivenInputs, readCapacityInputs, withGiven } from './capacity-inputs.ts';
import type { CapacityTarget } from './capacity-target.ts';
import { boundOf, certainPart, connectionDemand } from './connection-demand.ts';
import { currentSettings } from './current-settings.ts';
import type { Goal } from './goal.ts';
import { editsOfChanges } from './plan-change.ts';
import type { PlannedStack } from './planned-stack.ts';
import { recommendLimits } from './recommend-limits.ts';
import { recommendStores } from './recommend-stores.ts';
import { recommendWeb } from './recommend-web.ts';
import { type Recommendation, recommendation } from './recommendation.ts';

/** A plan, and the recommendations whose rows it shows: hosts turn chosen rows into edits with `editsOfRows`. */
export interface PlannedCapacity {
  readonly plan: CapacityPlan;
  readonly recommendations: readonly Recommendation[];
}

/**
 * Plans the capacity of a web server: reads the inputs from its files, replaces what the user typed (`given` must have
 * passed `checkInputs` together with the rest), sizes the stack and says which settings to change where. Without a target
 * the plan rests on typical values and what was typed.
 */
export function planCapacity(
  target: CapacityTarget | undefined,
  from: { readonly goal: Goal; readonly given?: GivenInputs },
): PlannedCapacity {
  const { inputs, origins } = withGiven(readCapacityInputs(target, from.goal), from.given ?? {});
  const current = target && currentSettings(target, inputs);
  const sizing = sizeStack(inputs, current?.settings);
  const today = current?.settings;
  const planned = recommendedSettings(sizing, today ?? sizedSettings(inputs, sizing));
  const recommendations =
    target && today ? recommend({ target, inputs, today, sizing, goal: goalOf(inputs, from.goal) }) : [];
  const plan: CapacityPlan = {
    project: target && {
      name: target.project.name,
      stage: target.project.stage.name,
      service: target.service.name,
      server: target.process.server,
    },
    inputs,
    origins,
    today,
    todayOrigins: current?.origins ?? {},
    recommended: sizing,
    planned,
    connections: target && today ? connectionsOf(target, { sizing, planned }) : [],
    rows: recommendations.map(({ row }) => row),
  };
  return { plan, recommendations };
}

/** The edits of the rows with these ids, in the form that each file uses; refused when one of them cannot be made. */
export function editsOfRows(recommendations: readonly Recommendation[], ids: ReadonlySet<string>): Edits {
  return editsOfChanges(recommendations.filter(({ row }) => ids.has(row.id)).map(({ change }) => change));
}

function recommend(stack: PlannedStack): readonly Recommendation[] {
  const proposals = [...recommendWeb(stack), ...recommendStores(stack), ...recommendLimits(stack)];
  const made = proposals.flatMap((proposal) => recommendation(proposal) ?? []);
  return made.filter(({ row }, index) => made.findIndex((other) => other.row.id === row.id) === index);
}

/** The goal with what the user typed, so that services are sized for the same machine and load. */
function goalOf(inputs: CapacityInputs, goal: Goal): Goal {
  const { cpus, memoryBytes, profile, users, thinkSeconds, workerBytes } = inputs;
  return {
    ...goal,
    load: { users, thinkSeconds, responseSeconds: responseSeconds(inputs) },
    host: profile === 'shared' ? { cpus, memoryBytes, shared: true } : goal.host,
    memory: {
      baseBytes: goal.memory?.baseBytes,
      perConnectionBytes: goal.memory?.perConnectionBytes,
      perWorkerBytes: workerBytes,
    },
  };
}

/** A stack of which nothing runs yet, as the figures have it. */
function sizedSettings(inputs: CapacityInputs, sizing: StackSizing): StackSettings {
  const timeoutSeconds = sizing.poolTimeoutSeconds.value;
  return {
    replicas: inputs.replicas,
    workers: sizing.workers.value,
    threads: inputs.concurrency === 'event-loop' ? null : sizing.threads.value,
    pool:
      inputs.database === 'none' || inputs.poolsPerProcess === 0
        ? null
        : { size: sizing.poolSize.value, overflow: sizing.maxOverflow.value, timeoutSeconds },
    maxConnections: sizing.maxConnections?.value ?? null,
    workerTimeoutSeconds: sizing.workerTimeoutSeconds.value,
    proxyTimeoutSeconds: null,
  };
}

function connectionsOf(
  target: CapacityTarget,
  of: { readonly sizing: StackSizing; readonly planned: StackSettings },
): readonly ServerConnections[] {
  const { project, store, process, service } = target;
  if (!store || store.engine === 'pgbouncer') return [];
  const { terms } = connectionDemand(project, store);
  const used = (name: string) => terms.filter((term) => term.service.name === name);
  const today = (name: string) => used(name).reduce((sum, term) => sum + certainPart(boundOf(term)), 0);
  const names = [...new Set([service.name, ...terms.map((term) => term.service.name)])];
  const usable = knownValue(store.usableConnections);
  const limit = of.planned.maxConnections;
  const webPlanned =
    of.sizing.reachableConnections.value - (of.sizing.reachableConnections.inputs.otherConnections ?? 0);
  const ownOthers = (name: string) =>
    used(name)
      .filter((term) => term.process !== process)
      .reduce((sum, term) => sum + certainPart(boundOf(term)), 0);
  return [
    {
      store: store.name,
      engine: store.engine,
      usable,
      plannedUsable: limit === null ? undefined : limit - reservedConnections(store.engine),
      alertAt:
        usable === undefined
          ? undefined
          : Math.floor(usable * documentedDefaults['headroom.connection_alert_share'].value),
      parts: names.map((name) => ({
        service: name,
        today: today(name),
        planned: ownOthers(name) + (name === service.name ? webPlanned : 0),
      })),
    },
  ];
}
