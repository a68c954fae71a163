import type { CapacityPlan, Place } from '../../capacity/capacity-plan.ts';
import { checkSetting, type GivenSettings, type OpenSetting, settingRanges } from '../../capacity/given-settings.ts';
import { describeNumberProblem } from './fields.ts';
import { NumberEntry } from './number-entry.tsx';
import { OriginChip, PlaceLink } from './origin-chip.tsx';
import { settingLabels, unitOfSetting } from './settings.ts';
import { asSentence, say } from './texts.ts';

interface OpenSettingsProps {
  readonly plan: CapacityPlan;
  readonly settings: GivenSettings;
  readonly onState: (settings: GivenSettings) => void;
  readonly onOpen: (place: Place) => void;
}

/** What the files leave open of today's settings: each with the reason, and a field for what the user knows. */
export function OpenSettings(props: OpenSettingsProps) {
  const { openSettings } = props.plan;
  if (openSettings.length === 0) return null;
  return (
    <fieldset>
      <legend>{say('Not certain from the files')}</legend>
      {openSettings.map((setting) => (
        <SettingEntry key={setting.name} setting={setting} {...props} />
      ))}
    </fieldset>
  );
}

function SettingEntry({ setting, settings, onState, onOpen }: OpenSettingsProps & { readonly setting: OpenSetting }) {
  const { name, assumed, origin } = setting;
  const { [name]: stated, ...rest } = settings;
  const unit = unitOfSetting(name);
  return (
    <NumberEntry
      id={`setting-${name}`}
      label={say(settingLabels[name])}
      unit={unit}
      value={stated ?? assumed ?? undefined}
      hint={reasonOf(setting)}
      check={(number) => {
        const problem = checkSetting(name, number);
        return problem && describeNumberProblem(problem.kind, { range: settingRanges[name], unit });
      }}
      onGive={(number) => onState({ ...settings, [name]: number })}
      onReset={stated === undefined ? undefined : () => onState(rest)}
    >
      <OriginChip origin={stated === undefined ? origin : { kind: 'given' }} onOpen={onOpen} />
      {stated !== undefined && origin.place && <PlaceLink place={origin.place} onOpen={onOpen} />}
    </NumberEntry>
  );
}

/** "Comes from the shell: WORKERS is not in .env. Without your figure, 1 is assumed." */
function reasonOf({ name, assumed, origin }: OpenSetting): string {
  const why = asSentence(origin.kind === 'unknown' ? origin.why : origin.says);
  if (assumed === null) return say('{why} Without your figure, no limit is assumed.', { why });
  const { label } = unitOfSetting(name);
  return say('{why} Without your figure, {assumed} is assumed.', { why, assumed: `${assumed} ${label}`.trim() });
}
