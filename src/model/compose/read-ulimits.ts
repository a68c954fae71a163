import type { Ulimit } from '../stack.ts';
import { parseWhole } from './compose-units.ts';
import { childOf, entriesOf, presentChild } from './config-node.ts';
import { parsedValue, type ServiceContext } from './read-setting.ts';

/** `ulimits` by name: one number for both limits, or a mapping with `soft` and `hard`. */
export function readUlimits({ body }: ServiceContext): ReadonlyMap<string, Ulimit> {
  const limits = new Map<string, Ulimit>();
  for (const { key, value } of entriesOf(childOf(body, 'ulimits'))) {
    const isPair = value.kind === 'mapping';
    const soft = parsedValue(isPair ? presentChild(value, 'soft') : value, parseWhole);
    const hard = parsedValue(isPair ? presentChild(value, 'hard') : value, parseWhole);
    if (soft && hard) limits.set(key, { soft, hard });
  }
  return limits;
}
