import { sizeTaskWorkers } from '../capacity/worker-sizing.ts';
import type { Process, Service } from '../model/stack.ts';
import { knownValue } from '../model/value.ts';
import { followsLimit, isUnwritten } from './cpu-count.ts';
import { sizeMemory } from './memory-sizing.ts';
import type { PlannedStack } from './planned-stack.ts';
import type { Proposal } from './recommendation.ts';
import { workersOption } from './set-workers.ts';
import { workerBytes } from './worker-sizing.ts';

/** A number of processes for task workers that start one for each CPU of the host, whatever their container may use. */
export function recommendTasks(planned: PlannedStack): readonly Proposal[] {
  return planned.target.project.services
    .filter(({ active, compose, role }) => active && compose !== undefined && role !== 'one-shot')
    .flatMap((service) => service.processes.flatMap((process) => recommendProcesses({ service, process }, planned)));
}

function recommendProcesses(
  of: { readonly service: Service; readonly process: Process },
  { target, inputs, origins, goal }: PlannedStack,
): readonly Proposal[] {
  const { service, process } = of;
  const { workers } = process;
  const fromHost = !workers.known && workers.fromCpuCount === true && isUnwritten(workers);
  if (!fromHost || process === target.process || followsLimit(workers, of)) return [];
  const memory =
    knownValue(service.limits.memoryBytes) ?? sizeMemory(service, { project: target.project, goal })?.value;
  const figure = sizeTaskWorkers({
    limit: knownValue(service.limits.cpus) ?? undefined,
    cpus: inputs.cpus,
    tasksCpuShare: inputs.tasksCpuShare,
    memoryBytes: memory,
    taskWorkerBytes: goal.memory?.perWorkerBytes ?? workerBytes,
  });
  const option = workersOption(process, figure.value);
  if (!option) return [];
  const says = '{program} counts the CPUs of the host, not what its container may use';
  const isGuess = 'cpus' in figure.inputs && (origins.cpus.kind === 'unknown' || origins.cpus.kind === 'assumed');
  return [
    {
      setting: option.flag,
      subject: service.name,
      today: 'one for each CPU of the host (default)',
      planned: String(figure.value),
      reason: isGuess ? `${says}; that the host has {cpus} is an assumption` : says,
      values: { program: process.server, cpus: inputs.cpus },
      figure,
      at: process.at,
      change: { kind: 'command', command: process.command, option },
      services: [service],
    },
  ];
}
