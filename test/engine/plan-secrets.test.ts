import { expect, it } from 'vitest';
import { withoutSecrets } from '../../src/engine/plan-secrets.ts';

it.each([
  [' POSTGRES_PASSWORD: hunter2', ' POSTGRES_PASSWORD: ***'],
  ['+DB_PASS=hunter two', '+DB_PASS=***'],
  ['-  - SECRET_KEY=hunter2 # mine', '-  - SECRET_KEY=***'],
  ['+{"PASSWORD": "hunter2", "CONN_MAX_AGE": 600}', '+{"PASSWORD": "***", "CONN_MAX_AGE": 600}'],
  ["+api_key = 'it\\'s hunter2', pool_size=6", "+api_key = '***', pool_size=6"],
  [
    ' db: {image: x, environment: {DB_PASSWORD: hunter2}, command: y}',
    ' db: {image: x, environment: {DB_PASSWORD: ***}, command: y}',
  ],
  [
    '+{ A_TOKEN: hunter2, POSTGRES_PASSWORD: hunter2, POSTGRES_DB: shop }',
    '+{ A_TOKEN: ***, POSTGRES_PASSWORD: ***, POSTGRES_DB: shop }',
  ],
  ['+{ POSTGRES_PASSWORD: hunter2', '+{ POSTGRES_PASSWORD: ***'],
  [' url: postgresql://shop:hunter2@db/shop', ' url: postgresql://shop:***@db/shop'],
  [' command: redis-server --requirepass hunter2 --port 6380', ' command: redis-server --requirepass *** --port 6380'],
  ['+["redis-server", "--requirepass", "hunter2"]', '+["redis-server", "--requirepass", "***"]'],
  [' - --requirepass\n+- hunter2\n+- --maxmemory', ' - --requirepass\n+- ***\n+- --maxmemory'],
  [' POSTGRES_PASSWORD: ${PG:-hunter2}', ' POSTGRES_PASSWORD: ***'],
  [' url: postgresql://shop:${PG:-hunter2}@db/shop', ' url: postgresql://shop:***@db/shop'],
  [' test: redis-cli -a hunter2 ping', ' test: redis-cli -a *** ping'],
  [' test: ["CMD", "mysqladmin", "ping", "-phunter2"]', ' test: ["CMD", "mysqladmin", "ping", "-p***"]'],
])('hides the secret of %j', (line, expected) => {
  expect(withoutSecrets(line)).toBe(expected);
});

it.each([
  ' POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}',
  ' POSTGRES_PASSWORD: "${POSTGRES_PASSWORD:?}"',
  ' POSTGRES_PASSWORD:',
  ' url: postgresql://shop:${PG}@db/shop',
  ' test: mysqladmin ping -p$$MYSQL_ROOT_PASSWORD',
  ' url: postgresql://db/shop',
  ' image: registry.example.com:5000/shop@sha256:0123',
  '-engine = create_engine(url, pool_size=5)',
  ' command: redis-server --requirepass ${REDIS_PASSWORD}',
])('leaves %j as it is', (line) => {
  expect(withoutSecrets(line)).toBe(line);
});
