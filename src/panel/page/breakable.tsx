import type { ComponentChildren } from 'preact';

/** A name that may go on in a new line after each of its parts. */
export function breakable(name: string): ComponentChildren {
  return name.split(/(?<=[._-])(?=[^._-])/).flatMap((part, index) =>
    // A part may come twice in a name.
    index === 0 ? [part] : [<wbr key={`${index} ${part}`} />, part],
  );
}
