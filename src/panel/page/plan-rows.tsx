import type { CapacityPlan, Place, PlanRow } from '../../capacity/capacity-plan.ts';
import { breakable } from './breakable.tsx';
import { explain, withNumbers } from './numbers.ts';
import { PlaceLink } from './origin-chip.tsx';
import { say, withWholeAmounts } from './texts.ts';

/** The settings to change: each can be left out, says where and why, and unfolds its formula. */
export function PlanRows(props: {
  readonly plan: CapacityPlan;
  readonly locale: string;
  readonly chosen: Readonly<Record<string, boolean>>;
  readonly onChoose: (chosen: Readonly<Record<string, boolean>>) => void;
  readonly onOpen: (place: Place) => void;
}) {
  const { plan, locale, chosen, onChoose, onOpen } = props;
  if (plan.rows.length === 0) {
    return (
      <>
        <h2>{say('What to change')}</h2>
        <p>{say('Nothing to change: the settings suit this machine and this load.')}</p>
      </>
    );
  }
  const ticked = plan.rows.filter((row) => isChosen(row, chosen));
  const possible = plan.rows.filter(({ refused }) => refused === undefined);
  const isAll = ticked.length === possible.length;
  return (
    <>
      <h2>
        {say('What to change')}{' '}
        <span class="count">
          {say('{ticked} of {all} ticked', { ticked: ticked.length, all: plan.rows.length })}{' '}
          {possible.length > 1 && (
            <button
              type="button"
              class="link"
              onClick={() => onChoose(Object.fromEntries(possible.map(({ id }) => [id, !isAll])))}
            >
              {isAll ? say('untick all') : say('tick all')}
            </button>
          )}
        </span>
      </h2>
      <table class="rows">
        <caption class="hidden">{say('Settings to change')}</caption>
        <thead>
          <tr>
            <th scope="col">{say('Setting')}</th>
            <th scope="col">{say('Today')}</th>
            <th scope="col">{say('Plan')}</th>
            <th scope="col">{say('Place')}</th>
            <th scope="col">{say('Reason')}</th>
          </tr>
        </thead>
        <tbody>
          {plan.rows.map((row) => (
            <Row
              key={row.id}
              row={row}
              locale={locale}
              isChosen={isChosen(row, chosen)}
              onChoose={(isIn) => onChoose({ [row.id]: isIn })}
              onOpen={onOpen}
            />
          ))}
        </tbody>
      </table>
      {!isAll && <p class="quiet">{say('The figures of the plan count every row that can be ticked.')}</p>}
    </>
  );
}

/** True when a row is part of the plan to apply. */
export function isChosen(row: PlanRow, chosen: Readonly<Record<string, boolean>>): boolean {
  return row.refused === undefined && (chosen[row.id] ?? row.selected);
}

function Row(props: {
  readonly row: PlanRow;
  readonly locale: string;
  readonly isChosen: boolean;
  readonly onChoose: (isChosen: boolean) => void;
  readonly onOpen: (place: Place) => void;
}) {
  const { row, locale, onChoose, onOpen } = props;
  const { setting, subject, today, planned, place, reason, figure, unit, refused } = row;
  return (
    <tr class={refused === undefined ? undefined : 'refused'}>
      <th scope="row" class="setting">
        <label>
          <input
            type="checkbox"
            checked={props.isChosen}
            disabled={refused !== undefined}
            onChange={({ currentTarget }) => onChoose(currentTarget.checked)}
          />
          <span>
            <code>{breakable(setting)}</code> <span class="quiet">{subject}</span>
          </span>
        </label>
      </th>
      <td class="before">{withWholeAmounts(today ?? say('not set'))}</td>
      <td class="after">
        <b>{withWholeAmounts(planned)}</b>
      </td>
      <td class="place">{place && <PlaceLink place={place} onOpen={onOpen} />}</td>
      <td class="reason">
        <details>
          <summary>{say(reason.says, withNumbers(reason.with, locale))}</summary>
          <p class="formula">
            {figure.formula}
            <br />
            {explain(figure, { unit, locale })}
          </p>
          <p class="quiet">{figure.source}</p>
        </details>
        {refused !== undefined && <p class="problem">{say('Not applied by itself: {why}', { why: refused })}</p>}
      </td>
    </tr>
  );
}
