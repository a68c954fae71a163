import { formatBytes, writeBytes } from '../capacity/bytes.ts';
import { type Edits, joinEdits } from '../model/fix.ts';
import { removeServiceSetting } from '../model/fixes/remove-service-setting.ts';
import { setServiceSetting } from '../model/fixes/set-service-setting.ts';
import type { LimitPair, Service } from '../model/stack.ts';
import { explain } from '../plan/explain.ts';
import { offered } from '../plan/offer.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'limits-declared-twice',
  on: 'service',
  severity: 'error',
  summary:
    'A limit is written in the short form and differs from its `deploy` twin, so Docker Compose refuses the file.',
  why: `Compose knows five settings in two forms: \`mem_limit\`, \`cpus\`, \`pids_limit\`, \`mem_reservation\` and \`scale\` beside \`deploy.resources.limits\`, \`deploy.resources.reservations\` and \`deploy.replicas\`.

Since version 2.26 Docker Compose checks, after merging all files, that both forms say the same. When they differ it stops with "can't set distinct values on 'mem_limit' and 'deploy.resources.limits.memory'", and nothing starts. A \`deploy.resources.limits\` section that holds only \`cpus\` counts as a memory limit of 0, so it clashes with \`mem_limit\` as well.

The two forms often come from two files: a base with \`mem_limit\` and a production overlay with \`deploy\`. Keep one of them.`,
  references: [
    'compose-go loader/validate.go, 2.0.1 and later (Docker Compose 2.26 and later)',
    'Compose specification: services, deploy',
  ],
  messages: {
    differs:
      'Docker Compose refuses {service}: {short} is {shortValue} but {deploy} is {deployValue}. Since version 2.26 both forms must agree; keep one.',
    missing:
      'Docker Compose refuses {service}: {short} is {shortValue} but {section} sets none. Since version 2.26 both forms must agree; write it in one form only.',
    keepDeploy: 'Remove {short}: {deployValue} stays',
    keepShort: 'Write {shortValue} as {deploy} instead of {short}',
  },
  *check({ service }) {
    for (const pair of service.limits.pairs) {
      const { short, deploy } = pair;
      // Compose takes a short form of 0 for "not written".
      if (!pair.deploySectionExists || !short?.known || short.value === 0) continue;
      if (deploy && (!deploy.known || deploy.value === short.value)) continue;
      const shortValue = describe(pair, short.value);
      const deployValue = deploy ? describe(pair, deploy.value) : '';
      const names = { service: service.name, short: pair.shortName, deploy: pair.deployName, shortValue, deployValue };
      yield {
        at: short.at,
        subject: service.name,
        message: deploy
          ? { says: 'differs', with: names }
          : { says: 'missing', with: { ...names, section: pair.deployName.replace(/\.\w+$/, '') } },
        trail: [
          ...explain(`${pair.shortName}: ${shortValue}`, short),
          ...(deploy ? explain(`${pair.deployName}: ${deployValue}`, deploy) : []),
        ],
        fixes: () =>
          offered([
            ...(deploy
              ? [
                  {
                    title: { says: 'keepDeploy' as const, with: names },
                    safety: 'review' as const,
                    edits: dropShort(service, pair),
                  },
                ]
              : []),
            { title: { says: 'keepShort', with: names }, safety: 'review', edits: moveToDeploy(service, pair) },
          ]),
      };
    }
  },
});

function describe(pair: LimitPair, value: number): string {
  return isMemory(pair) ? formatBytes(value) : String(value);
}

function isMemory({ setting }: LimitPair): boolean {
  return setting === 'memory' || setting === 'memoryReservation';
}

function dropShort(service: Service, { shortName }: LimitPair): Edits {
  return removeServiceSetting(service, [shortName]);
}

function moveToDeploy(service: Service, pair: LimitPair): Edits {
  const value = pair.short?.known ? pair.short.value : 0;
  const text = isMemory(pair) ? writeBytes(value) : pair.setting === 'cpus' ? `'${value}'` : String(value);
  return joinEdits([setServiceSetting(service, pair.deployName.split('.'), text), dropShort(service, pair)]);
}
