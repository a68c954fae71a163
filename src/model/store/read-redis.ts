import type { SettingLine } from '../../parse/settings-file.ts';
import type { SourceText } from '../../text/source-text.ts';
import { defaultHop } from '../process/server-settings.ts';
import type { RedisFacts, UnloadedFile } from '../stack.ts';
import { known, type Value } from '../value.ts';
import { cleanPath, type FileReader, hiddenStep, plainStep, readConfigurationFile } from './configuration-files.ts';
import { readOptionText, readServerArguments, type ServerArguments } from './server-arguments.ts';
import { readServerImage } from './server-image.ts';
import { readRedisBytes, toNumber, toSwitch } from './setting-values.ts';
import type { StoreInput } from './store-input.ts';
import { hiddenReason, lookUp, type SettingStep } from './store-settings.ts';
import { dockerfileStep, mountedFiles, setsSomething } from './unloaded-files.ts';

/** What a Redis, Valkey or KeyDB server is told. */
export interface RedisReading {
  readonly redis: RedisFacts;
  readonly unloadedFiles: readonly UnloadedFile[];
}

/** Reads a server's memory settings: the file that its command names, then its options; the last one wins. */
export function readRedis(input: StoreInput): RedisReading {
  const reader = fileReader(input);
  const given = readServerArguments(input.command, { style: 'redis', at: input.at });
  const file = configurationFile(input, given);
  const steps = [
    ...dockerfileStep(input, /\b(redis|valkey|keydb)\b.*\.conf\b/),
    ...(file === undefined ? [] : readConfigurationFile(file, reader)),
    ...imageSteps(input, reader),
    ...given.steps,
    ...given.steps.flatMap((step) =>
      'name' in step && step.name === 'include' ? [hiddenStep('an option includes another file', input)] : [],
    ),
    ...variableSteps(input),
  ];
  return {
    redis: factsOf(steps, input),
    unloadedFiles: unloaded(input, { steps, reader, hasFile: file !== undefined }),
  };
}

function factsOf(steps: readonly SettingStep[], { at }: StoreInput): RedisFacts {
  const maxMemory = lookUp(steps, 'maxmemory');
  const policy = lookUp(steps, 'maxmemory-policy');
  return {
    maxMemoryBytes: maxMemory
      ? noneForZero(toNumber(maxMemory, { name: 'maxmemory', read: readRedisBytes }))
      : known(null, at, [defaultHop('redis.maxmemory')]),
    maxMemoryPolicy: policy ? lowerCase(policy) : known('noeviction', at, [defaultHop('redis.maxmemory-policy')]),
    persists: persists(steps, at),
  };
}

/** Append-only file, or snapshots that someone wrote down: those of the default do not count. */
function persists(steps: readonly SettingStep[], at: StoreInput['at']): Value<boolean> {
  const append = lookUp(steps, 'appendonly');
  const save = lookUp(steps, 'save');
  const appends = append && toSwitch(append, (text) => /^yes$/i.test(text));
  const saves = save && toSwitch(save, (text) => text.trim() !== '');
  const decided = [appends, saves].find((value) => value?.known && value.value);
  return (
    decided ??
    [appends, saves].find((value) => value && !value.known) ??
    appends ??
    saves ??
    known(false, at, [defaultHop('redis.appendonly')])
  );
}

function noneForZero(value: Value<number>): Value<number | null> {
  return value.known && value.value === 0 ? { ...value, value: null } : value;
}

function lowerCase(value: Value<string>): Value<string> {
  return value.known ? { ...value, value: value.value.toLowerCase() } : value;
}

function fileReader(input: StoreInput): FileReader {
  return { input, dialect: 'redis', step: redisStep, takes: () => false, loaded: new Set() };
}

function redisStep(line: SettingLine, source: SourceText): SettingStep {
  return plainStep(line.name.toLowerCase(), line, source);
}

/** The first word that is no option; KeyDB's image names its file itself. */
function configurationFile(input: StoreInput, given: ServerArguments): string | undefined {
  const named = given.operands[0];
  if (named && /\.conf$/.test(named.text)) return cleanPath(within(input, named.text));
  const isUnwritten = (input.command?.words ?? []).length === 0;
  if (input.engine !== 'keydb' || !isUnwritten) return undefined;
  const own = '/etc/keydb/keydb.conf';
  return input.fileAt(own) || input.mounts.some(({ target }) => target === own) ? own : undefined;
}

function within(input: StoreInput, path: string): string {
  return path.startsWith('/') ? path : `${input.workingDirectory}/${path}`;
}

/** What images beside the official ones read further. */
function imageSteps(input: StoreInput, reader: FileReader): readonly SettingStep[] {
  const { family } = readServerImage(input.image);
  if (family === 'official') return [];
  if (family === 'redis-stack') {
    const own = '/redis-stack.conf';
    const isThere = input.fileAt(own) || input.mounts.some(({ target }) => target === own);
    return isThere ? readConfigurationFile(own, reader) : [];
  }
  return [hiddenStep('the image may bring a configuration of its own', input)];
}

/** Variables through which images pass further options to the server. */
function variableSteps(input: StoreInput): readonly SettingStep[] {
  const { at, environment } = input;
  const { family } = readServerImage(input.image);
  const steps = [...environment.variables].flatMap(([name, value]) => {
    const isRead =
      (name === 'REDIS_ARGS' && family === 'redis-stack') || (name === 'VALKEY_EXTRA_FLAGS' && family === 'official');
    if (isRead) return readOptionText(value, { style: 'redis', at });
    return passesOptions.test(name) ? [hiddenStep(`${name} passes further options`, input)] : [];
  });
  // The official images take no options from variables, so a missing env file hides none.
  if (steps.length > 0 || environment.complete || family === 'official') return steps;
  return [hiddenStep(environment.why ?? 'the environment is not known', input)];
}

const passesOptions =
  /^(REDIS_ARGS|REDIS_EXTRA_FLAGS|VALKEY_EXTRA_FLAGS|VALKEY_ARGS|REDIS_MAXMEMORY.*|REDIS_CONF.*|REDIS_OVERRIDES_FILE)$/;

/** A file that stands beside a server started without any. */
function unloaded(
  input: StoreInput,
  read: { steps: readonly SettingStep[]; reader: FileReader; hasFile: boolean },
): readonly UnloadedFile[] {
  const { family } = readServerImage(input.image);
  if (read.hasFile || family !== 'official' || hiddenReason(read.steps) !== undefined) return [];
  return mountedFiles(input, (path) => /(^|\/)(redis|valkey|keydb)[\w.-]*\.conf$/.test(path) && !/sentinel/.test(path))
    .filter(({ path, source }) => !read.reader.loaded.has(path) && setsSomething(source, 'redis'))
    .map((file) => ({ ...file, why: 'not-named' as const }));
}
