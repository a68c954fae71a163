import { documentedDefaults } from '../../capacity/defaults.ts';
import type { SettingLine } from '../../parse/settings-file.ts';
import type { SourceText } from '../../text/source-text.ts';
import { defaultHop } from '../process/server-settings.ts';
import type { PoolerFacts } from '../stack.ts';
import { known, type Value } from '../value.ts';
import { type FileReader, hiddenStep, isMounted, readConfigurationFile } from './configuration-files.ts';
import { readServerArguments } from './server-arguments.ts';
import { readServerImage } from './server-image.ts';
import { toNumber } from './setting-values.ts';
import type { StoreInput } from './store-input.ts';
import { lineValue, lookUp, type SettingStep } from './store-settings.ts';

/** Reads a pooler's limits: its file where one is given, else the variables from which the image writes one. */
export function readPgbouncer(input: StoreInput): PoolerFacts {
  const databases: { line: SettingLine; source: SourceText }[] = [];
  const steps = settingSteps(input, databases);
  const number = (name: keyof typeof settings): Value<number> => {
    const written = lookUp(steps, name);
    if (written) return toNumber(written, { name });
    const id = settings[name];
    return known(documentedDefaults[id].value, input.at, [defaultHop(id)]);
  };
  const mode = lookUp(steps, 'pool_mode');
  return {
    maxClientConnections: number('max_client_conn'),
    defaultPoolSize: number('default_pool_size'),
    reservePoolSize: number('reserve_pool_size'),
    maxDatabaseConnections: number('max_db_connections'),
    poolMode: mode ?? known('session', input.at, [defaultHop('pgbouncer.pool_mode')]),
    databases: databases.map(({ line, source }) => readDatabase(line, source)),
  };
}

const settings = {
  max_client_conn: 'pgbouncer.max_client_conn',
  default_pool_size: 'pgbouncer.default_pool_size',
  reserve_pool_size: 'pgbouncer.reserve_pool_size',
  max_db_connections: 'pgbouncer.max_db_connections',
} as const;

function settingSteps(
  input: StoreInput,
  databases: { line: SettingLine; source: SourceText }[],
): readonly SettingStep[] {
  const step = (line: SettingLine, source: SourceText): SettingStep | undefined => {
    if (line.section === 'databases') databases.push({ line, source });
    if (line.section !== 'pgbouncer') return undefined;
    return { name: line.name.toLowerCase(), value: lineValue(line, { source, alone: '' }) };
  };
  const reader: FileReader = { input, dialect: 'pgbouncer', step, takes: () => false, loaded: new Set() };
  const given = readServerArguments(input.command, { style: 'pgbouncer', at: input.at });
  const named = given.operands.find((word) => /\.ini$/.test(word.text))?.text;
  const { family } = readServerImage(input.image);
  const folder = family === 'bitnami' ? '/bitnami/pgbouncer/conf' : '/etc/pgbouncer';
  const path = named ?? `${folder}/pgbouncer.ini`;
  if (input.fileAt(path) || isMounted(input, path)) return [...readConfigurationFile(path, reader), ...given.steps];
  return [...variableSteps(input, family), ...given.steps.filter((entry) => 'hidden' in entry)];
}

/** edoburu/pgbouncer takes every setting from a variable of its name, Bitnami's from one with a prefix. */
function variableSteps(input: StoreInput, family: string): readonly SettingStep[] {
  const { environment } = input;
  const foreign = family !== 'edoburu' && family !== 'bitnami';
  const steps = Object.keys({ ...settings, pool_mode: '' }).flatMap((name) => {
    const variable = name.toUpperCase();
    const value = environment.variables.get(`PGBOUNCER_${variable}`) ?? environment.variables.get(variable);
    return value ? [{ name, value }] : [];
  });
  if (foreign) return [hiddenStep('the image may bring a configuration of its own', input), ...steps];
  const missing = environment.complete ? [] : [hiddenStep(environment.why ?? 'the environment is not known', input)];
  return [...missing, ...steps];
}

/** `name = host=db port=5432 pool_size=30`, values in quotes or plain. */
function readDatabase(line: SettingLine, source: SourceText): PoolerFacts['databases'][number] {
  const at = { source, span: line.valueSpan };
  const parts = new Map(
    [...(line.value ?? '').matchAll(/(\w+)\s*=\s*(?:'((?:[^']|'')*)'|([^\s']+))/g)].map((match) => [
      match[1] ?? '',
      match[2] ?? match[3] ?? '',
    ]),
  );
  const size = parts.get('pool_size');
  return {
    name: line.name,
    host: parts.get('host'),
    poolSize: size === undefined ? undefined : toNumber(known(size, at), { name: 'pool_size' }),
  };
}
