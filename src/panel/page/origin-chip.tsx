import type { Origin, Place } from '../../capacity/capacity-plan.ts';
import { documentedDefaults } from '../../capacity/defaults.ts';
import { breakable } from './breakable.tsx';
import { say } from './texts.ts';

/** Says where a value comes from: a link to its file, a documented default, an assumption, or what the user typed. */
export function OriginChip(props: { readonly origin: Origin | undefined; readonly onOpen: (place: Place) => void }) {
  return props.origin ? describe(props.origin, props.onOpen) : null;
}

function describe(origin: Origin, onOpen: (place: Place) => void) {
  switch (origin.kind) {
    case 'file':
      return <PlaceLink place={origin.place} onOpen={onOpen} title={origin.says} />;
    case 'default': {
      const { program, version, source } = documentedDefaults[origin.id];
      const of = version === 'all' ? program : `${program} ${version}`;
      return <span title={source}>{say('default of {program}', { program: of })}</span>;
    }
    case 'assumed':
      return (
        <>
          <span class="assumed" title={origin.id ? documentedDefaults[origin.id].source : origin.says}>
            {say('assumed')}
          </span>
          {origin.place && <PlaceLink place={origin.place} onOpen={onOpen} title={origin.says} />}
        </>
      );
    case 'unknown':
      return (
        <>
          <span class="assumed" title={origin.why}>
            {say('not in the files')}
          </span>
          {origin.place && <PlaceLink place={origin.place} onOpen={onOpen} title={origin.why} />}
        </>
      );
    case 'computed':
      return <span>{say(origin.says)}</span>;
    case 'given':
      return <span>{say('typed here')}</span>;
  }
}

/** A place of a file that opens beside the panel. */
export function PlaceLink(props: {
  readonly place: Place;
  readonly onOpen: (place: Place) => void;
  readonly title?: string;
}) {
  const { place, onOpen, title } = props;
  return (
    <button type="button" class="link" title={title} onClick={() => onOpen(place)}>
      {breakable(`${place.path.split('/').at(-1)}:${place.line}`)}
    </button>
  );
}
