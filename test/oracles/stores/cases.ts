import { generatedCases } from './generated-cases.ts';
import { mariadbCases } from './mariadb-cases.ts';
import { pgbouncerCases } from './pgbouncer-cases.ts';
import { postgresqlCases } from './postgresql-cases.ts';
import { redisCases } from './redis-cases.ts';
import type { StoreCase } from './store-case.ts';

export const cases: readonly StoreCase[] = [
  ...postgresqlCases,
  ...mariadbCases,
  ...redisCases,
  ...pgbouncerCases,
  ...generatedCases(120),
];
