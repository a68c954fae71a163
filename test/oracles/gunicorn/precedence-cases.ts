import { commandCase, type GunicornCase } from './gunicorn-case.ts';

/** Every mixture of the layers for every setting that several of them take: a case for each, values told apart. */
export function precedenceCases(): readonly GunicornCase[] {
  return settings.flatMap((setting, index) =>
    mixtures.map((layers, position) => mixedCase(setting, { layers, order: index + position })),
  );
}

type Layer = 'variable' | 'file' | 'arguments' | 'line';

interface LayeredSetting {
  readonly name: string;
  readonly option: string;
  /** What each layer says; `variable` is the setting's own environment variable. */
  readonly says: Readonly<Partial<Record<Layer, string>>>;
  readonly variable?: string;
}

const settings: readonly LayeredSetting[] = [
  { name: 'workers', option: '--workers', variable: 'WEB_CONCURRENCY', says: layered('2', '3', '4', '5') },
  { name: 'bind', option: '--bind', variable: 'PORT', says: layered('81', "'h:82'", 'h:83', 'h:84') },
  { name: 'threads', option: '--threads', says: layered('', '3', '4', '5') },
  { name: 'worker_class', option: '--worker-class', says: layered('', "'gevent'", 'gthread', 'tornado') },
  { name: 'timeout', option: '-t', says: layered('', '60', '70', '80') },
  { name: 'max_requests', option: '--max-requests', says: layered('', '600', '700', '800') },
  { name: 'worker_tmp_dir', option: '--worker-tmp-dir', says: layered('', "'/a'", '/b', '/c') },
];

const mixtures: readonly (readonly Layer[])[] = [
  ['variable', 'file'],
  ['variable', 'arguments'],
  ['variable', 'line'],
  ['file', 'arguments'],
  ['file', 'line'],
  ['arguments', 'line'],
  ['variable', 'file', 'arguments', 'line'],
];

const tolds = ['compose', 'image', 'script'] as const;

function mixedCase(setting: LayeredSetting, mixture: { layers: readonly Layer[]; order: number }): GunicornCase {
  const { name, option, says, variable } = setting;
  const { layers, order } = mixture;
  const said = (layer: Layer) => (layers.includes(layer) ? says[layer] : undefined);
  const environment: Record<string, string> = {};
  if (variable !== undefined && said('variable')) environment[variable] = said('variable') ?? '';
  if (said('arguments')) environment.GUNICORN_CMD_ARGS = `${option} ${said('arguments')}`;
  return commandCase(`${name} from ${layers.join(' and ')}`, said('line') ? [option, said('line') ?? ''] : [], {
    environment,
    files: said('file') ? { 'gunicorn.conf.py': `${name} = ${said('file')}\n` } : {},
    told: tolds[order % 3] ?? 'compose',
  });
}

function layered(variable: string, file: string, fromArguments: string, line: string): LayeredSetting['says'] {
  return { variable, file, arguments: fromArguments, line };
}
