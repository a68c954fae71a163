import { parseEnv } from '../../../src/parse/env.ts';
import type { EnvDialect } from '../../../src/parse/env-tree.ts';
import type { OracleCase, Ours } from '../agreement.ts';

/** What Headroom's reader makes of a case's file in this dialect; null for a name without a value. */
export function readWith(dialect: EnvDialect): (given: OracleCase) => Ours {
  return (given) => {
    const { entries } = parseEnv(given.files['.env'] ?? '', dialect);
    const pairs = entries.map(
      ({ name, value }) => [name, { known: true as const, value: value?.text ?? null }] as const,
    );
    return { refused: undefined, values: Object.fromEntries(pairs) };
  };
}
