import type { CapacityInputs } from '../capacity/capacity-inputs.ts';
import type { CapacityPlan, Origin, SettingName } from '../capacity/capacity-plan.ts';
import { documentedDefaults, findDefault } from '../capacity/defaults.ts';
import { explainFigure, type Figure, type Unit } from '../capacity/figure.ts';
import { reservedConnections } from '../capacity/pool-sizing.ts';
import { type LoadSummary, requestsADay } from '../capacity/summarise-loads.ts';
import type { PlanReport } from './plan-report.ts';
import { rowAt, wantedLoad } from './plan-words.ts';
import { fillTemplate } from './sentence.ts';

/**
 * The plan for programs, the same in every language. Bytes and seconds are in the names; response times are milliseconds,
 * errors shares of 1.
 */
export function formatPlanJson({ plan, loads, changes, others, unread }: PlanReport): string {
  return `${JSON.stringify(
    {
      version: 1,
      project: plan.project ? { ...plan.project, sharesCpusWith: plan.project.sharesCpusWith ?? null } : null,
      otherServices: others,
      inputs: inputsOf(plan),
      current: currentOf(plan),
      recommended: recommendedOf(plan),
      carriesLoad: loads.planned.carried >= wantedLoad(plan.inputs),
      memory: {
        totalBytes: plan.recommended.memory.totalBytes,
        freeBytes: plan.recommended.memory.freeBytes,
        fits: plan.recommended.fits,
        parts: plan.recommended.memory.parts.map(({ part, name, bytes }) => ({
          part,
          name: name ?? null,
          ...figureOf(bytes, 'bytes'),
        })),
      },
      connections: connectionsOf(plan),
      carried: carriedOf(plan, loads),
      load: loads.planned.rows,
      loadToday: loads.today?.rows ?? null,
      changes: plan.rows.map(({ figure, reason, unit, ...row }) => ({
        ...row,
        today: row.today ?? null,
        place: row.place ?? null,
        refused: row.refused ?? null,
        reason: fillTemplate(reason.says, reason.with),
        ...figureOf(figure, unit),
      })),
      files: [...changes].map(([path]) => path),
      unread,
    },
    null,
    2,
  )}\n`;
}

function inputsOf({ inputs, origins }: CapacityPlan) {
  const names = Object.keys(inputs) as (keyof CapacityInputs)[];
  return Object.fromEntries(names.map((name) => [name, { value: inputs[name], origin: originOf(origins[name]) }]));
}

function currentOf({ today, todayOrigins, inputs, origins }: CapacityPlan) {
  if (!today) return null;
  const { pool, fixed: _, ...rest } = today;
  const settings: Readonly<Record<string, number | null>> = {
    ...rest,
    poolSize: pool?.size ?? null,
    maxOverflow: pool?.overflow ?? null,
    poolTimeoutSeconds: pool?.timeoutSeconds ?? null,
  };
  const entries = Object.entries(settings).map(([name, value]) => {
    const origin = todayOrigins[name as SettingName];
    return [name, { value, origin: origin ? originOf(origin) : null }] as const;
  });
  const memoryLimitBytes = { value: inputs.webLimitBytes, origin: originOf(origins.webLimitBytes) };
  return { ...Object.fromEntries(entries), memoryLimitBytes };
}

function recommendedOf({ recommended, inputs }: CapacityPlan) {
  const { memory: _, carries: __, fits: ___, ...figures } = recommended;
  const entries = Object.entries(figures).flatMap(([name, figure]) =>
    figure === undefined ? [] : [[name, figureOf(figure, unitOf(name))] as const],
  );
  const hasDatabase = inputs.database !== 'none' && inputs.poolsPerProcess > 0;
  const isOfPool = (name: string) => /^(pool|maxOverflow|reachable|ceiling)/.test(name);
  return Object.fromEntries(entries.filter(([name]) => hasDatabase || !isOfPool(name)));
}

/** Null stands for a limit that is not known; without a project there is no today. */
function connectionsOf({ project, connections, inputs, recommended }: CapacityPlan) {
  if (project || inputs.database === 'none') {
    return connections.map(({ usable, plannedUsable, alertAt, ...rest }) => ({
      ...rest,
      usable: usable ?? null,
      plannedUsable: plannedUsable ?? null,
      alertAt: alertAt ?? null,
    }));
  }
  const { reachableConnections, maxConnections } = recommended;
  const limit = maxConnections && maxConnections.value - reservedConnections(inputs.database);
  const others = inputs.otherConnections;
  return [
    {
      store: inputs.database,
      engine: inputs.database,
      usable: null,
      plannedUsable: limit ?? null,
      alertAt: limit === undefined ? null : Math.floor(limit * alertShare),
      parts: [
        { service: 'web', today: null, planned: reachableConnections.value - others },
        ...(others > 0 ? [{ service: 'others', today: null, planned: others }] : []),
      ],
    },
  ];
}

const alertShare = documentedDefaults['headroom.connection_alert_share'].value;

function figureOf(figure: Figure<number | string>, unit: Unit) {
  const { value, formula, inputs, source } = figure;
  return { value, formula, explanation: explainFigure(figure, { unit }), inputs, source };
}

function unitOf(name: string): Unit {
  return name.endsWith('Bytes') ? 'bytes' : name.endsWith('Seconds') ? 'seconds' : 'count';
}

function carriedOf({ inputs }: CapacityPlan, { today, planned, carriedByHand, plannedRange, target }: LoadSummary) {
  const planLoad = rowAt(planned, inputs);
  return {
    unit: inputs.requestsPerSecond === null ? 'users' : 'requests per second',
    today: today?.carried ?? null,
    planned: planned.carried,
    plannedWithChangesByHand: carriedByHand ?? null,
    plannedIfRequestsTakeTwiceAsLong: plannedRange?.double ?? null,
    plannedIfRequestsTakeHalfAsLong: plannedRange?.half ?? null,
    target: { p95Milliseconds: target.p95Seconds * 1000, errorShare: target.errorShare },
    requestsADay: planLoad ? Math.round(requestsADay(planLoad.throughput)) : null,
  };
}

function originOf(origin: Origin) {
  if (origin.kind === 'default') return { ...origin, ...findDefault(origin.id) };
  return origin.kind === 'assumed' && origin.id !== undefined ? { ...origin, ...findDefault(origin.id) } : origin;
}
