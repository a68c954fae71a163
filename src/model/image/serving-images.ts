import { type DefaultId, documentedDefaults } from '../../capacity/defaults.ts';

/** What an image made for serving a Python application brings along: where it starts and what its scripts start. */
export interface ServingImage {
  readonly workingDirectory: string;
  readonly environment: ReadonlyMap<string, string>;
  /**
   * What one of its scripts runs, as text for a shell; without a path, the script of its CMD. `holds` says whether the
   * workspace puts a file at a path of the image. Undefined for a path that is none of its scripts.
   */
  readonly script: (path: string | undefined, holds: (path: string) => boolean) => string | undefined;
}

/** Looks up the images `tiangolo/uvicorn-gunicorn...` and `tiangolo/meinheld-gunicorn...`. */
export function lookUpServingImage(reference: string): ServingImage | undefined {
  const kind = /^(?:docker\.io\/)?tiangolo\/(uvicorn|meinheld)-gunicorn(?:-[a-z-]+)?(?:[:@]|$)/.exec(reference)?.[1];
  if (kind === undefined) return undefined;
  const options = kind === 'uvicorn' ? uvicornOptions : meinheldOptions;
  return {
    workingDirectory: '/app',
    environment: new Map([['PYTHONPATH', '/app']]),
    script(path, holds) {
      const module = holds('/app/app/main.py') || !holds('/app/main.py') ? 'app.main' : 'main';
      const application = `"\${APP_MODULE:-\${MODULE_NAME:-${module}}:\${VARIABLE_NAME:-app}}"`;
      if (path === '/start-reload.sh') return `exec uvicorn --reload --host 0.0.0.0 ${application}`;
      if (path !== undefined && path !== '/start.sh') return undefined;
      const own = ['/app/gunicorn_conf.py', '/app/app/gunicorn_conf.py'].find(holds);
      // The image's own configuration gives way to GUNICORN_CMD_ARGS, as its options do when they stand in front.
      const settings = own === undefined ? `${options} \${GUNICORN_CMD_ARGS:-}` : `-c ${own}`;
      return `exec gunicorn ${settings} ${application}`;
    },
  };
}

const value = (id: DefaultId) => String(documentedDefaults[id].value);
const bind = (port: DefaultId) => `--bind "\${BIND:-\${HOST:-0.0.0.0}:\${PORT:-${value(port)}}}"`;
/** Both count the CPUs, times WORKERS_PER_CORE. */
const workers = '--workers "${WEB_CONCURRENCY:-$(nproc)}"';

const uvicornOptions = [
  workers,
  `-k "\${WORKER_CLASS:-${value('uvicorn_gunicorn_image.worker_class')}}"`,
  `--timeout "\${TIMEOUT:-${value('uvicorn_gunicorn_image.timeout')}}"`,
  `--graceful-timeout "\${GRACEFUL_TIMEOUT:-${value('uvicorn_gunicorn_image.graceful_timeout')}}"`,
  `--keep-alive "\${KEEP_ALIVE:-${value('uvicorn_gunicorn_image.keepalive')}}"`,
  bind('uvicorn_gunicorn_image.port'),
  '--worker-tmp-dir /dev/shm',
].join(' ');

const meinheldOptions = [
  workers,
  `-k ${value('meinheld_gunicorn_image.worker_class')}`,
  `--keep-alive ${value('meinheld_gunicorn_image.keepalive')}`,
  bind('meinheld_gunicorn_image.port'),
].join(' ');
