import { formatBytes } from '../capacity/bytes.ts';
import { responseSeconds } from '../capacity/capacity-inputs.ts';
import { chosenRows, type PlanReport } from '../engine/plan-report.ts';
import { quoteWord } from '../plan/compose-command.ts';
import { assumptionNames } from './plan-assumptions.ts';

/** Options that would make a plan more exact or show more of it, with the values it assumes; each with what it says. */
export function planHints(report: PlanReport): readonly (readonly [string, string])[] {
  const { plan, others, language } = report;
  const { say } = language;
  const [other] = others;
  const hints: readonly (readonly [string | undefined, string])[] = [
    [machineOptions(report), say('the machine that it runs on')],
    [responseOption(report), say('the time of a request, as you measure it')],
    [usersOption(report), say('the people at once that you expect')],
    [assumeOptions(report), say('what runs today')],
    [other && `--service ${quoteWord(other)}`, say('another web server: {names}', { names: others.join(', ') })],
    [
      chosenRows(plan).length > 0 ? '--format markdown' : undefined,
      say('the changes as diffs, with steps, checks and alerts'),
    ],
  ];
  return hints.flatMap(([option, says]) => (option ? [[option, says]] : []));
}

function machineOptions({ plan }: PlanReport): string {
  const { cpus, memoryBytes } = plan.inputs;
  return [
    ...(isOpen(plan, 'cpus') ? [`--cpus ${cpus}`] : []),
    ...(isOpen(plan, 'memoryBytes') ? [`--memory ${formatBytes(memoryBytes).replace(' ', '')}`] : []),
  ].join(' ');
}

function responseOption({ plan }: PlanReport): string | undefined {
  if (!isOpen(plan, 'cpuSeconds') || !isOpen(plan, 'databaseSeconds')) return undefined;
  return `--response ${Number((responseSeconds(plan.inputs) * 1000).toPrecision(6))}ms`;
}

function usersOption({ plan }: PlanReport): string | undefined {
  const { users, requestsPerSecond } = plan.inputs;
  return requestsPerSecond === null && isOpen(plan, 'users') ? `--users ${users}` : undefined;
}

function assumeOptions({ plan }: PlanReport): string {
  return plan.openSettings
    .filter(({ name, assumed }) => assumed !== null && plan.todayOrigins[name]?.kind === 'unknown')
    .map(({ name, assumed }) => `--assume ${assumptionNames[name]}=${assumed}`)
    .join(' ');
}

/** True for an input that neither the files nor the caller say. */
function isOpen({ origins }: PlanReport['plan'], field: keyof PlanReport['plan']['origins']): boolean {
  const { kind } = origins[field];
  return kind === 'unknown' || kind === 'assumed';
}
