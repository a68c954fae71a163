import type { SourceText } from '../../text/source-text.ts';
import type { MisnamedSetting, MissedFile } from '../stack.ts';
import { folderOf } from '../workspace.ts';
import { type ConfigReader, type Layers, optionLayers } from './gunicorn-layers.ts';
import { fileOnlySettings, gunicornOptions } from './gunicorn-options.ts';

/**
 * Names of the configuration file that set nothing because Gunicorn's settings are written otherwise. A name that the
 * file uses again is a helper; a setting that the file or an option sets under its own name is not missing.
 */
export function findMisnamed(layers: Layers): readonly MisnamedSetting[] {
  const { config } = layers;
  if (config.state !== 'read' || !config.scope.complete || !isGunicornFile(config.source, config.scope.names))
    return [];
  const { source, scope } = config;
  return scope.names.flatMap((name) => {
    const setting = meantSetting(name);
    const value = scope.get(name);
    if (setting === undefined || !value?.known || typeof value.value === 'object') return [];
    if (scope.names.includes(setting) || optionLayers(layers, setting).some((options) => options.length > 0)) return [];
    const found = [...source.text.matchAll(new RegExp(`\\b${name}\\b`, 'g'))];
    const assignment = new RegExp(`^${name}[ \\t]*(:[^=\\n]*)?=(?!=)`, 'm').exec(source.text);
    if (found.length !== 1 || !assignment) return [];
    const span = { start: assignment.index, end: assignment.index + name.length };
    return [{ name, setting, at: { source, span } }];
  });
}

/** A `gunicorn.conf.py` in the folder above the working directory or up to two folders below, where none is loaded. */
export function findMissedFile(layers: Layers, reader: ConfigReader): MissedFile | undefined {
  const { config, hidden, launch } = layers;
  if (config.state !== 'none' || hidden.line !== undefined || hidden.environment !== undefined) return undefined;
  if ([...layers.line.options, ...(layers.fromEnvironment?.options ?? [])].some(({ setting }) => setting === 'config'))
    return undefined;
  const folder = launch.workingDirectory.replace(/\/$/, '');
  const above = folder === '' ? [] : [`${folderOf(folder)}/${fileName}`];
  const below = reader.below(folder, fileName).filter((path) => depthBelow(folder, path) <= 2);
  const found = [...new Set([...above, ...below])].filter((path) => reader.find(path) !== undefined);
  const [only] = found;
  const path = only === undefined || found.length > 1 ? undefined : reader.find(only);
  const source = path === undefined ? undefined : reader.read(path);
  if (!source || only === undefined) return undefined;
  return { source, containerPath: only, workingDirectory: launch.workingDirectory };
}

const fileName = 'gunicorn.conf.py';

function depthBelow(folder: string, path: string): number {
  return path.slice(folder.length + 1).split('/').length - 1;
}

/** A file of other settings may be given to Gunicorn too: it counts when its name or a real setting says so. */
function isGunicornFile(source: SourceText, names: readonly string[]): boolean {
  return /gunicorn/i.test(source.path) || names.some((name) => settingNames.has(name));
}

function meantSetting(name: string): string | undefined {
  if (settingNames.has(name) || name.startsWith('_')) return undefined;
  const plain = name.replaceAll('_', '').toLowerCase();
  return capacitySettings.find((setting) => setting.replaceAll('_', '') === plain) ?? misspellings.get(plain);
}

const settingNames: ReadonlySet<string> = new Set([
  ...Object.values(gunicornOptions.values),
  ...Object.values(gunicornOptions.switches),
  ...fileOnlySettings,
]);

const capacitySettings = [
  'workers',
  'threads',
  'worker_class',
  'worker_connections',
  'timeout',
  'graceful_timeout',
  'keepalive',
  'max_requests',
  'max_requests_jitter',
  'preload_app',
  'backlog',
  'worker_tmp_dir',
  'bind',
];

/** Names that look right, without their underscores: those of options, of other servers, in the singular. */
const misspellings: ReadonlyMap<string, string> = new Map([
  ['worker', 'workers'],
  ['numworkers', 'workers'],
  ['nworkers', 'workers'],
  ['workercount', 'workers'],
  ['thread', 'threads'],
  ['numthreads', 'threads'],
  ['workerthreads', 'threads'],
  ['workertimeout', 'timeout'],
  ['preload', 'preload_app'],
  ['workertype', 'worker_class'],
]);
