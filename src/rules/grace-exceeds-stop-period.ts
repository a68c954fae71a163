import { joinEdits } from '../model/fix.ts';
import { setServiceSetting } from '../model/fixes/set-service-setting.ts';
import { setStopWait } from '../model/fixes/set-stop-wait.ts';
import type { Process, Project, Service } from '../model/stack.ts';
import { isDefault } from '../model/value.ts';
import { explain } from '../plan/explain.ts';
import { samePlace } from '../plan/pool-use.ts';
import { shutdownGap } from '../plan/shutdown-need.ts';
import { formatSeconds } from '../text/wording.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'grace-exceeds-stop-period',
  on: 'process',
  severity: 'warning',
  severities: { untouched: 'information' },
  summary: 'The container is killed before its server has finished the requests or tasks in hand.',
  why: `To stop a container, Docker sends the stop signal and kills everything after \`stop_grace_period\`, 10 s unless the service says otherwise. Gunicorn finishes what it has in hand for \`graceful_timeout\` seconds first (30 by default), Celery and RQ until the task ends.

When the server's time is longer, each deployment cuts off whatever still runs: half-written uploads, a payment between two calls, a task that is lost or done twice. The longer the requests, the more of them; so the finding is a warning where long ones are evidently expected (a written graceful timeout, a written timeout of a \`sync\` worker, a task time limit) and information for two untouched defaults.

Under supervisord each program has a stop period of its own, \`stopwaitsecs\` (10 s); the shorter of the two counts.

Set \`stop_grace_period\` a few seconds above the server's time. A container that finishes earlier stops earlier, so the longer period costs nothing in the normal case.`,
  references: [
    'Compose specification: services, stop_grace_period (10 s)',
    'gunicorn/config.py: graceful_timeout (30), timeout (30)',
    'supervisor, docs/configuration.rst: stopwaitsecs (10)',
    'Celery documentation: workers, warm shutdown; configuration, task_time_limit',
  ],
  messages: {
    graceful:
      'Gunicorn takes up to {need} to finish requests, but {service} is killed after {stop}. Set stop_grace_period to {advised}.',
    timeout:
      'Requests may take {longest} (timeout of a sync worker), but {service} is killed {stop} after the stop signal. Gunicorn gives them {need}: set stop_grace_period to {advised}.',
    task: 'Tasks may take {need}, but {service} is killed {stop} after the stop signal: a deployment cuts them off. Raise stop_grace_period, or let cut-off tasks run again (acks_late).',
    supervisor:
      '{program} may take {need} to finish, but supervisord kills it {stop} after the stop signal. Set stopwaitsecs to {advised}, and stop_grace_period no lower.',
    wait: 'Set stopwaitsecs, and where it is shorter stop_grace_period, to {advised}',
    longer: 'Set stop_grace_period to {advised}: stopping may take that long when requests or tasks still run',
  },
  *check({ process, service }, { project }) {
    const gap = shutdownGap(service, process);
    if (!gap) return;
    const { need, stop, container, supervisor } = gap;
    const bySupervisor = stop === supervisor;
    const advised = formatSeconds(need.seconds.value + 5);
    // One image may run in several services; the finding stands once, at its command.
    const affected = isDefault(container)
      ? servicesAlike(project, { process, seconds: need.seconds.value })
      : [service].filter(() => container.value < need.seconds.value);
    const kills = supervisor && supervisor.value < need.seconds.value ? supervisor : undefined;
    yield {
      at: isDefault(stop) ? (need.shownBy ?? need.seconds).at : stop.at,
      subject: service.name,
      message: {
        says: bySupervisor ? 'supervisor' : need.kind,
        with: {
          program: process.server,
          service: service.name,
          need: formatSeconds(need.seconds.value),
          longest: formatSeconds((need.shownBy ?? need.seconds).value),
          stop: formatSeconds(stop.value),
          advised,
        },
      },
      ...(!need.longRequests && { case: 'untouched' as const }),
      trail: [
        ...(need.shownBy ? explain(`timeout of sync workers ${formatSeconds(need.shownBy.value)}`, need.shownBy) : []),
        ...explain(`${need.says} ${formatSeconds(need.seconds.value)}`, need.seconds),
        ...explain(`stop period ${formatSeconds(stop.value)}`, stop),
      ],
      fixes: () => [
        {
          title: { says: kills ? 'wait' : 'longer', with: { advised } },
          safety: 'review',
          edits: joinEdits([
            ...affected.map((other) => setServiceSetting(other, ['stop_grace_period'], `${need.seconds.value + 5}s`)),
            ...(kills ? [setStopWait(kills, need.seconds.value + 5)] : []),
          ]),
        },
      ],
    };
  },
});

function servicesAlike(project: Project, like: { process: Process; seconds: number }): readonly Service[] {
  return project.services.filter(({ active, processes, stopGracePeriodSeconds: stop }) => {
    const same = processes.some((process) => samePlace(process.at, like.process.at));
    return active && same && stop.known && stop.value < like.seconds;
  });
}
