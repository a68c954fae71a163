import { type CapacityInputs, responseSeconds } from '../capacity/capacity-inputs.ts';
import type { CapacityPlan, Origin } from '../capacity/capacity-plan.ts';
import type { Figure } from '../capacity/figure.ts';
import type { GivenSettings } from '../capacity/given-settings.ts';
import { type MemoryBudget, withDatabases } from '../capacity/memory-sizing.ts';
import { type RunningStack, type StackSizing, sizeStack } from '../capacity/size-stack.ts';
import { recommendedSettings, type StackSettings } from '../capacity/stack-settings.ts';
import type { Edits } from '../model/fix.ts';
import { knownValue } from '../model/value.ts';
import { appliedSettings } from './applied-settings.ts';
import { type GivenInputs, readCapacityInputs, withGiven } from './capacity-inputs.ts';
import type { CapacityTarget } from './capacity-target.ts';
import { countsHostCpus } from './cpu-count.ts';
import { currentSettings } from './current-settings.ts';
import type { Goal } from './goal.ts';
import { namesOf, otherWebServers } from './memory-inputs.ts';
import { editsOfChanges } from './plan-change.ts';
import { plannedProject } from './planned-project.ts';
import type { PlannedStack } from './planned-stack.ts';
import { recommendHttp } from './recommend-http.ts';
import { memoryLimits, recommendLimits, withPlannedStores } from './recommend-limits.ts';
import { ownPoolFigures, recommendPools } from './recommend-pools.ts';
import { recommendStores } from './recommend-stores.ts';
import { recommendTasks } from './recommend-tasks.ts';
import { recommendTimeouts, withPlannedTimeouts } from './recommend-timeouts.ts';
import { recommendWeb } from './recommend-web.ts';
import { type Recommendation, recommendation } from './recommendation.ts';
import { describeBudget, storeBudgets } from './store-budget.ts';
import { databaseParts } from './store-memory.ts';

/** A plan, and the recommendations whose rows it shows: hosts turn chosen rows into edits with `editsOfRows`. */
export interface PlannedCapacity {
  readonly plan: CapacityPlan;
  readonly recommendations: readonly Recommendation[];
}

/**
 * Plans the capacity of a web server: reads the inputs from its files, replaces what the user typed (`given` must have
 * passed `checkInputs` together with the rest, and `settings`, which stand in for what the files leave open,
 * `checkSetting`), sizes the stack and says which settings to change where. Without a target the plan rests on typical
 * values and what was typed.
 */
export function planCapacity(
  target: CapacityTarget | undefined,
  from: { readonly goal: Goal; readonly given?: GivenInputs; readonly settings?: GivenSettings },
): PlannedCapacity {
  const given = from.given ?? {};
  const { inputs, origins, replaced } = withGiven(readCapacityInputs(target, { goal: from.goal, given }), given);
  const current = target && currentSettings(target, { inputs, given: from.settings ?? {} });
  const sizing = sizeTarget(target, {
    inputs,
    running: current && { ...current.settings, assumed: assumedOf(origins), cpuLimit: cpuLimitOf(target) },
  });
  const today = current?.settings;
  const sized = target && today && { target, inputs, origins, today, sizing, goal: goalOf(inputs, from.goal) };
  const stack = sized && { ...sized, after: plannedProject(sized) };
  const budgets = stack ? storeBudgets(stack) : [];
  const ownLimit = budgets.find(({ store }) => store === target?.store)?.limit;
  const memoryLimit = stack && memoryLimits(stack).find(({ service }) => service === target?.service)?.figure;
  const ownPool = sized && ownPoolFigures(sized);
  const memory = stack ? memoryTable(stack) : sizing.memory;
  const recommended = {
    ...sizing,
    memory,
    fits: memory.freeBytes >= 0,
    ...ownPool,
    ...(ownLimit && { maxConnections: ownLimit }),
    ...(memoryLimit && { memoryLimitBytes: memoryLimit }),
  };
  const settings = recommendedSettings(recommended, today ?? sizedSettings(inputs, sizing));
  const whole = stack
    ? withPlannedTimeouts(withKnown(settings, { today: stack.today, ownPool, ownLimit }), stack)
    : settings;
  const recommendations = stack ? recommend(stack) : [];
  const planned = today ? appliedSettings(whole, { today, recommendations }) : whole;
  const plan: CapacityPlan = {
    project: target && {
      name: target.project.name,
      stage: target.project.stage.name,
      service: target.service.name,
      server: target.process.server,
      sharesCpusWith: inputs.profile === 'shared' ? namesOf(otherWebServers(target)) : undefined,
    },
    inputs,
    origins,
    replaced,
    today,
    todayOrigins: current?.origins ?? {},
    openSettings: current?.open ?? [],
    recommended,
    planned,
    plannedByHand: JSON.stringify(whole) === JSON.stringify(planned) ? undefined : whole,
    connections: budgets.map(describeBudget),
    rows: recommendations.map(({ row }) => row),
  };
  return { plan, recommendations };
}

/** The machine's memory with what its databases need, each for itself. */
function memoryTable(stack: PlannedStack): MemoryBudget {
  const { inputs, sizing, goal } = stack;
  const databases = databaseParts({ project: withPlannedStores(stack), goal });
  const isTheirs = inputs.profile === 'shared' && databases.length > 0;
  return isTheirs ? withDatabases(sizing.memory, databases) : sizing.memory;
}

/** What no edit can change stays as it is today: the pool whose size is not known, the limit of a server elsewhere. */
function withKnown(
  settings: StackSettings,
  of: {
    readonly today: StackSettings;
    readonly ownPool: ReturnType<typeof ownPoolFigures>;
    readonly ownLimit: Figure | undefined;
  },
): StackSettings {
  const { today, ownPool, ownLimit } = of;
  return {
    ...settings,
    pool: ownPool
      ? { size: ownPool.poolSize.value, overflow: ownPool.maxOverflow.value, timeoutSeconds: null }
      : today.pool,
    ...(ownLimit === undefined && { maxConnections: today.maxConnections }),
  };
}

/** Sizes the stack; workers that count the CPUs of the host are no number of today to keep. */
function sizeTarget(
  target: CapacityTarget | undefined,
  of: { readonly inputs: CapacityInputs; readonly running: RunningStack | undefined },
): StackSizing {
  const { inputs, running } = of;
  if (!target || !running || !countsHostCpus(target)) return sizeStack(inputs, running);
  const { workers } = sizeStack(inputs);
  return { ...sizeStack(inputs, { ...running, workers: workers.value }), workers };
}

function assumedOf({ cpus, memoryBytes }: CapacityPlan['origins']): {
  readonly cpus: boolean;
  readonly memory: boolean;
} {
  const isGuess = ({ kind }: Origin) => kind === 'unknown' || kind === 'assumed';
  return { cpus: isGuess(cpus), memory: isGuess(memoryBytes) };
}

function cpuLimitOf({ service }: CapacityTarget): number | undefined {
  return knownValue(service.limits.cpus) ?? undefined;
}

/** The edits of the rows with these ids, in the form that each file uses; refused when one of them cannot be made. */
export function editsOfRows(recommendations: readonly Recommendation[], ids: ReadonlySet<string>): Edits {
  return editsOfChanges(recommendations.filter(({ row }) => ids.has(row.id)).map(({ change }) => change));
}

function recommend(stack: PlannedStack): readonly Recommendation[] {
  const proposals = [
    ...recommendWeb(stack),
    ...recommendTimeouts(stack),
    ...recommendTasks(stack),
    ...recommendPools(stack),
    ...recommendHttp(stack),
    ...recommendStores(stack),
    ...recommendLimits(stack),
  ];
  const made = proposals.flatMap((proposal) => recommendation(proposal) ?? []);
  return made.filter(({ row }, index) => made.findIndex((other) => other.row.id === row.id) === index);
}

/** The goal with what the user typed, so that services are sized for the same machine and load. */
function goalOf(inputs: CapacityInputs, goal: Goal): Goal {
  const { cpus, databaseMemoryShare, memoryBytes, profile, requestsPerSecond, thinkSeconds, workerBytes } = inputs;
  const seconds = responseSeconds(inputs);
  // As many users as would send the requests of a rate.
  const users = requestsPerSecond === null ? inputs.users : requestsPerSecond * (seconds + thinkSeconds);
  return {
    ...goal,
    load: { users, thinkSeconds, responseSeconds: seconds },
    host: profile === 'shared' ? { cpus, memoryBytes, shared: true, databaseMemoryShare } : goal.host,
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
