import type { DefaultId } from '../../capacity/defaults.ts';
import type { Location } from '../../text/span.ts';
import type { Hop } from '../../text/trail.ts';
import type { UnknownNote } from '../stack.ts';
import { type Known, known, unknown, type Value } from '../value.ts';
import { parseBytes } from './compose-units.ts';
import type { ConfigMapping, ConfigNode } from './config-node.ts';
import { stringValue } from './config-text.ts';
import type { Variables } from './variables.ts';

/** A service while it is read. */
export interface ServiceContext {
  readonly name: string;
  readonly body: ConfigMapping;
  /** The service's key in the file where it is written last. */
  readonly at: Location;
  readonly variables: Variables;
  /** The project's top-level sections. */
  readonly root: ConfigMapping;
  readonly notes: UnknownNote[];
}

/** A setting's text read by `parse`; unknown when Compose would refuse it, undefined when the node is absent. */
export function parsedValue(
  node: ConfigNode | undefined,
  parse: (text: string) => number | undefined,
): Value<number> | undefined {
  if (node && node.kind !== 'null' && node.kind !== 'scalar') return unknown('Compose refuses this value', node.at);
  const text = stringValue(node);
  if (!text) return undefined;
  if (!text.known) return unknown(text.why, text.at, { trail: text.trail });
  const parsed = parse(text.value);
  if (parsed === undefined) return unknown('Compose refuses this value', text.at, { trail: text.trail });
  return { ...text, value: parsed };
}

/** A size in bytes; Compose takes a plain number with a fraction or an exponent for zero. */
export function sizeValue(node: ConfigNode | undefined): Value<number> | undefined {
  const isFraction =
    node?.kind === 'scalar' && node.scalar.style === 'plain' && /^[-+]?[\d_]*(?:\.\d*|[eE])/.test(node.scalar.text);
  const isNumber = isFraction && typeof node.scalar.value === 'number';
  return parsedValue(node, (text) => (isNumber ? 0 : parseBytes(text)));
}

/** A documented default of Compose, at the place where the setting would be written. */
export function defaultValue<T>(value: T, id: DefaultId, at: Location): Known<T> {
  const hop: Hop = { at: { default: id }, says: "Compose's default" };
  return known(value, at, [hop]);
}

/** The value, or unknown with the reason why the service may hold more than the files say, or what `otherwise` gives. */
export function settledValue<T>(
  context: ServiceContext,
  value: Value<T> | undefined,
  otherwise: () => Value<T>,
): Value<T> {
  if (value) return value;
  return context.body.incomplete === undefined ? otherwise() : unknown(context.body.incomplete, context.at);
}

/** Like `settledValue` for a setting that has no default. */
export function optionalValue<T>(context: ServiceContext, value: Value<T> | undefined): Value<T> | undefined {
  if (value || context.body.incomplete === undefined) return value;
  return unknown(context.body.incomplete, context.at);
}
