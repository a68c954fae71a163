import type { DjangoDatabase } from '../model/django.ts';
import { replaceNumber } from '../model/fixes/replace-text.ts';
import type { Pool } from '../model/pool.ts';
import { isDefault, type Known, knownValue } from '../model/value.ts';
import { type DjangoFeature, djangoFeature, setDatabaseSettings } from '../plan/django-use.ts';
import { explain } from '../plan/explain.ts';
import { setPoolSettings } from '../plan/pool-size.ts';
import { nameOfEngine, storeOfPool } from '../plan/pool-store.ts';
import { djangoDatabase, isSharedPool, runsEventLoop } from '../plan/pool-use.ts';
import { defineRule, type RuleFix } from './rule.ts';

export default defineRule({
  id: 'pool-recycle-exceeds-server-timeout',
  on: 'pool',
  severity: 'warning',
  summary: 'A connection is kept for longer than MySQL keeps it open in silence.',
  why: `MySQL and MariaDB close a connection that was silent for \`wait_timeout\` (8 hours, unless configured). A pool that replaces its connections later than that hands out closed ones after a quiet night: the first requests fail with \`MySQL server has gone away\`. \`pool_recycle\` of SQLAlchemy and aiomysql, and Django's \`CONN_MAX_AGE\`, must be shorter; \`CONN_MAX_AGE = None\` keeps connections for ever.

A check before use (\`pool_pre_ping=True\`, \`CONN_HEALTH_CHECKS\`) finds closed connections at any age, and silences the rule.`,
  references: [
    'MySQL 8.0 and MariaDB, server system variables: wait_timeout 28800',
    'SQLAlchemy 2.0, lib/sqlalchemy/engine/create.py: pool_recycle',
    'Django 5.2, ref/databases: "Persistent connections"; db/backends/base/base.py: close_if_unusable_or_obsolete',
  ],
  messages: {
    late: '{setting} {seconds} is too long for {engine}: {store} closes silent connections after {limit} s. The requests that get one fail; replace connections earlier, or check them.',
    never:
      'CONN_MAX_AGE None keeps connections that {engine} has closed: "{alias}" fails after hours of silence. {remedy}.',
    shorten: 'Set {setting} to {seconds} s',
    check: 'Check connections before use: {setting}',
  },
  *check({ pool, process, service }, { project }) {
    const engine = knownValue(pool.engine);
    if ((engine !== 'mysql' && engine !== 'mariadb') || !isSharedPool(pool, process)) return;
    const checks = djangoFeature(process.django, 'healthChecks');
    const age = ageOf(pool, { database: djangoDatabase(pool, process), checks });
    if (!age || (age.isDjango && runsEventLoop(process))) return;
    const store = storeOfPool(project, pool);
    const limit = store?.waitTimeoutSeconds;
    const named = { engine: nameOfEngine(store?.engine ?? engine), setting: age.setting };
    if (age.value.value === null) {
      yield {
        at: age.value.at,
        subject: pool.alias ?? '',
        message: { says: 'never', with: { engine: named.engine, alias: pool.alias ?? '', remedy: remedyOf(checks) } },
        trail: [...explain(`${age.setting} None`, age.value), ...explain(`the engine is ${named.engine}`, pool.engine)],
        fixes: () => age.fixes(3600),
      };
      return;
    }
    if (!store || !limit?.known || limit.value <= 0 || age.value.value < limit.value) return;
    const seconds = Math.max(1, Math.min(3600, Math.floor(limit.value / 2)));
    yield {
      at: age.value.at,
      subject: service.name,
      message: {
        says: 'late',
        with: { ...named, seconds: age.value.value, store: store.name, limit: limit.value },
      },
      trail: [
        ...explain(`${age.setting} ${age.value.value}`, age.value),
        ...explain(`wait_timeout ${limit.value}`, limit),
        ...explain(`connects to ${store.name}`, pool.store),
      ],
      fixes: () => age.fixes(seconds),
    };
  },
});

interface Age {
  readonly setting: string;
  readonly isDjango: boolean;
  readonly value: Known<number | null>;
  /** Ways to a shorter age, in seconds, or to a check. */
  readonly fixes: (seconds: number) => RuleFix<'shorten' | 'check'>[];
}

/** The age at which connections are replaced, where it is written and nothing else finds closed ones. */
function ageOf(
  pool: Pool,
  of: { readonly database: DjangoDatabase | undefined; readonly checks: DjangoFeature },
): Age | undefined {
  if (of.database) return ageOfDjango(of.database, of.checks);
  const { recycleSeconds, library } = pool;
  if (knownValue(pool.prePing) === true || (!pool.prePing.known && library !== 'aiomysql')) return undefined;
  if (!recycleSeconds.known || recycleSeconds.value === null || isDefault(recycleSeconds)) return undefined;
  const setting = 'pool_recycle';
  return {
    setting,
    isDjango: false,
    value: recycleSeconds,
    fixes: (seconds) => [
      {
        title: { says: 'shorten', with: { setting, seconds } },
        safety: 'review',
        edits: replaceNumber(recycleSeconds, seconds),
      },
      ...(library === 'aiomysql'
        ? []
        : [
            {
              title: { says: 'check' as const, with: { setting: 'pool_pre_ping=True' } },
              safety: 'review' as const,
              edits: setPoolSettings(pool, [{ key: 'pool_pre_ping', text: 'True' }]),
            },
          ]),
    ],
  };
}

function ageOfDjango(database: DjangoDatabase, checks: DjangoFeature): Age | undefined {
  const { connMaxAge } = database;
  const isChecked = knownValue(database.healthChecks) !== false || knownValue(database.pool) !== false;
  if (!connMaxAge.known || !database.connMaxAgeWritten || connMaxAge.value === 0 || isChecked) return undefined;
  const setting = 'CONN_MAX_AGE';
  return {
    setting,
    isDjango: true,
    value: connMaxAge,
    fixes: (seconds) => [
      {
        title: { says: 'shorten', with: { setting, seconds } },
        safety: 'review',
        edits: setDatabaseSettings(database, { maxAge: String(seconds) }),
      },
      ...(checks.available
        ? [
            {
              title: { says: 'check' as const, with: { setting: `CONN_HEALTH_CHECKS${checks.note}` } },
              safety: 'review' as const,
              edits: setDatabaseSettings(database, { healthChecks: 'True' }),
            },
          ]
        : []),
    ],
  };
}

function remedyOf({ available, note }: DjangoFeature): string {
  return available ? `Set CONN_HEALTH_CHECKS${note}, or an age below wait_timeout` : 'Set an age below wait_timeout';
}
