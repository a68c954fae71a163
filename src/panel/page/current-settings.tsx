import type { CapacityPlan, Place, SettingName } from '../../capacity/capacity-plan.ts';
import { formatNumber } from './numbers.ts';
import { OriginChip } from './origin-chip.tsx';
import { settingLabels, unitOfSetting } from './settings.ts';
import { say } from './texts.ts';

/** Today's settings with their origins; what the files could not say stands first. */
export function CurrentSettings(props: {
  readonly plan: CapacityPlan;
  readonly locale: string;
  readonly onOpen: (place: Place) => void;
}) {
  const { plan, locale, onOpen } = props;
  const { today, todayOrigins } = plan;
  if (!today) return null;
  const { pool, ...settings } = today;
  const values: Readonly<Partial<Record<SettingName, number | null>>> = {
    ...settings,
    ...(pool && { poolSize: pool.size, maxOverflow: pool.overflow, poolTimeoutSeconds: pool.timeoutSeconds }),
  };
  const origins = { ...todayOrigins, replicas: plan.origins.replicas };
  const shown = (Object.keys(settingLabels) as SettingName[]).flatMap((name) => {
    const [value, origin] = [values[name], origins[name]];
    // A setting without an origin is none of this server's.
    return typeof value === 'number' && origin ? [{ name, value, origin }] : [];
  });
  shown.sort((left, right) => Number(right.origin.kind === 'unknown') - Number(left.origin.kind === 'unknown'));
  return (
    <>
      <h2>{say('What runs today')}</h2>
      <dl class="settings">
        {shown.map(({ name, value, origin }) => (
          <div key={name}>
            <dt>{say(settingLabels[name])}</dt>
            <dd>
              {`${formatNumber(value, locale)} ${unitOfSetting(name).label} `}
              <span class="origin">
                <OriginChip origin={origin} onOpen={onOpen} />
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
