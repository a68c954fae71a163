import type { ComponentChildren } from 'preact';

/** A name that may go on in a new line after each of its parts; several names go on between them. */
export function breakable(name: string): ComponentChildren {
  if (name.includes(' ')) return name;
  return name.split(/(?<=[._-])(?=[^._-])/).flatMap((part, index) =>
    // A part may come twice in a name.
    index === 0 ? [part] : [<wbr key={`${index} ${part}`} />, part],
  );
}
