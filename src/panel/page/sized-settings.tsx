import type { CapacityPlan } from '../../capacity/capacity-plan.ts';
import type { Figure, Unit } from '../../capacity/figure.ts';
import type { StackSizing } from '../../capacity/size-stack.ts';
import { explain, formatFigure } from './numbers.ts';
import { say } from './texts.ts';

/** The settings that suit the machine and the load, where there is no project whose settings could be changed. */
export function SizedSettings({ plan, locale }: { readonly plan: CapacityPlan; readonly locale: string }) {
  const shown = rows.flatMap(({ label, unit, pick }) => {
    const figure = pick(plan.recommended);
    return figure ? [{ label, unit, figure }] : [];
  });
  return (
    <>
      <h2>{say('What to set')}</h2>
      <table class="sized">
        <caption class="hidden">{say('Settings that suit this machine and this load')}</caption>
        <thead>
          <tr>
            <th scope="col">{say('Setting')}</th>
            <th scope="col">{say('Plan')}</th>
            <th scope="col">{say('Reason')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ label, unit, figure }) => (
            <tr key={label}>
              <th scope="row">{say(label)}</th>
              <td>
                <b>{formatFigure(figure, { unit, locale })}</b>
              </td>
              <td>
                <details>
                  {explain(figure, { unit, locale }) === formatFigure(figure, { unit, locale }) ? (
                    // Nothing was computed: the reason is where the number comes from.
                    <summary>{figure.source}</summary>
                  ) : (
                    <summary class="formula">{explain(figure, { unit, locale })}</summary>
                  )}
                  <p class="formula">{figure.formula}</p>
                  <p class="quiet">{figure.source}</p>
                </details>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

interface SizedRow {
  readonly label: string;
  readonly unit: Unit;
  readonly pick: (sizing: StackSizing) => Figure<number | string> | undefined;
}

const rows: readonly SizedRow[] = [
  { label: 'Workers', unit: 'count', pick: ({ workers }) => workers },
  { label: 'Threads of each worker', unit: 'count', pick: ({ threads }) => threads },
  { label: 'Worker class', unit: 'count', pick: ({ workerClass }) => workerClass },
  { label: 'Pool size', unit: 'count', pick: ({ poolSize }) => poolSize },
  { label: 'Pool overflow', unit: 'count', pick: ({ maxOverflow }) => maxOverflow },
  { label: 'Pool timeout', unit: 'seconds', pick: ({ poolTimeoutSeconds }) => poolTimeoutSeconds },
  { label: 'Worker timeout', unit: 'seconds', pick: ({ workerTimeoutSeconds }) => workerTimeoutSeconds },
  { label: 'Connections the database takes', unit: 'count', pick: ({ maxConnections }) => maxConnections },
  { label: 'Memory limit of the web server', unit: 'bytes', pick: ({ memoryLimitBytes }) => memoryLimitBytes },
  { label: 'Cache of the database', unit: 'bytes', pick: ({ databaseCacheBytes }) => databaseCacheBytes },
  { label: 'Redis maxmemory', unit: 'bytes', pick: ({ redisMaxMemoryBytes }) => redisMaxMemoryBytes },
];
