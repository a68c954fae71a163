import { type Location, textAt } from '../../../text/span.ts';
import type { PoolFault } from '../../pool.ts';
import type { PythonObject } from '../python-data.ts';
import type { PythonValue } from '../python-value.ts';
import { type Arguments, writtenSetting } from './pool-setting.ts';

/** Faults of numbers that reach the library as text, as `os.getenv` gives them. */
export function textFaults(
  args: Arguments,
  given: { readonly library: string; readonly names: readonly string[]; readonly position?: number },
): readonly PoolFault[] {
  return given.names.flatMap((setting) => {
    const position = given.position === undefined ? {} : { position: given.position };
    const value = writtenSetting(args, { names: [setting], ...position });
    if (!value || !isSurelyText(value)) return [];
    const at = valueLocation(args.object, setting) ?? value.at;
    const written = textAt(at);
    const isLiteral = /^["']/.test(written);
    const replacement = isLiteral ? /^["'](-?\d+)["']$/.exec(written)?.[1] : `int(${written})`;
    return [
      {
        kind: 'arguments-refused' as const,
        setting,
        says: `${given.library} takes a number for ${setting}, and this is a text`,
        at,
        ...(replacement !== undefined && { replacement }),
      },
    ];
  });
}

/** The fault of an argument that the library does not take; the remedy is to leave it out. */
export function refusedArgument(
  args: Arguments,
  fault: { readonly setting: string; readonly says: string },
): PoolFault {
  const { setting, says } = fault;
  return { kind: 'arguments-refused', setting, says, at: writtenAt(args.object, setting), removable: true };
}

/** Where an argument is written: the argument of the call, else its value in the dict that is passed on. */
export function writtenAt(object: PythonObject, name: string): Location {
  const argument = object.call.arguments.find((candidate) => candidate.name === name);
  if (argument) return { source: object.at.source, span: argument.span };
  return object.keywords.get(name)?.at ?? object.at;
}

function valueLocation(object: PythonObject, name: string): Location | undefined {
  const argument = object.call.arguments.find((candidate) => candidate.name === name);
  return argument && { source: object.at.source, span: argument.value.span };
}

// Settings classes and environment readers turn texts into numbers; a literal and `os.environ` do not.
function isSurelyText(value: PythonValue): boolean {
  if (!value.known || typeof value.value !== 'string') return false;
  if (value.at.source.path.endsWith('.py') && /^["']/.test(textAt(value.at))) return true;
  return value.trail.some((hop) => !('default' in hop.at) && /^(os\.)?(getenv|environ)\b/.test(textAt(hop.at)));
}
