import type { SourceText } from '../text/source-text.ts';
import type { Hop } from '../text/trail.ts';
import type { Mount, Process, Service, Stage } from './stack.ts';

/** What a project's stage is judged by. */
export interface StageEvidence {
  /** Files that start it, entry file first. */
  readonly entry: readonly SourceText[];
  /** The project's own `name:`, when written. */
  readonly name: string;
  readonly services: readonly Service[];
  /** Paths of deploy scripts and the like that name the entry file. */
  readonly namedBy: readonly SourceText[];
  readonly paths: ReadonlySet<string>;
}

const productionWord = /(^|[^a-z])(prod|production|deploy|deployments?|release|live)([^a-z]|$)/i;
const developmentWord =
  /(^|[^a-z])(dev|develop|development|local|test|tests|testing|ci|cypress|e2e|example|examples|demo|extras|override|sample)([^a-z]|$)/i;

/**
 * Judges a whole project: production when its files, name, replicas or servers say so; development evidence (file or
 * folder names, development servers, a mounted source tree) wins over it.
 */
export function judgeStage(evidence: StageEvidence): Stage {
  const development = developmentHops(evidence);
  if (development.length > 0) return { name: 'development', trail: development };
  const production = productionHops(evidence);
  return production.length > 0 ? { name: 'production', trail: production } : { name: 'unknown', trail: [] };
}

function developmentHops(evidence: StageEvidence): Hop[] {
  const hops: Hop[] = [];
  const first = evidence.entry[0];
  // An override file that Compose loads by itself does not make its base a development set-up.
  if (first && developmentWord.test(first.path))
    hops.push(hopAt(first, 'the path of the file names a development set-up'));
  const overlay = evidence.entry
    .slice(1)
    .find(
      (file) => developmentWord.test(file.path.slice(file.path.lastIndexOf('/') + 1)) && !/override/.test(file.path),
    );
  if (overlay) hops.push(hopAt(overlay, 'the overlay names a development set-up'));
  const servers = evidence.services.filter((service) => service.active);
  for (const service of servers) {
    for (const process of service.processes) {
      const says = developmentServer(process);
      if (says) hops.push({ at: process.at, says });
    }
    const debug = service.environment.variables.get('DEBUG') ?? service.environment.variables.get('FLASK_DEBUG');
    if (debug?.known && /^(1|true|yes|on)$/i.test(debug.value)) hops.push({ at: debug.at, says: 'DEBUG is on' });
    if (evidence.namedBy.length > 0) continue;
    const mount = service.volumes.find((volume) => isSourceMount(volume, evidence.paths));
    if (mount && service.processes.length > 0) hops.push({ at: mount.at, says: 'the source tree is mounted' });
  }
  return hops;
}

function developmentServer(process: Process): string | undefined {
  if (process.server === 'django-runserver') return "runs Django's development server";
  if (process.server === 'flask-run') return "runs Flask's development server";
  if (process.reload.known && process.reload.value) return 'reloads on code changes';
  return process.command.words.some((word) => /debugpy|ptvsd/.test(word.text)) ? 'runs under a debugger' : undefined;
}

/** True for a bind mount of a folder that holds code of the workspace; a folder of settings is mounted in production too. */
function isSourceMount(mount: Mount, paths: ReadonlySet<string>): boolean {
  if (mount.source === undefined || /(^|\/)(conf|configs?|configurations?|settings)$/i.test(mount.source)) return false;
  const prefix = mount.source === '' ? '' : `${mount.source}/`;
  for (const path of paths)
    if (path.startsWith(prefix) && /\.(py|ts|tsx|js|jsx)$/.test(path)) return !/\.(py|js)$/.test(mount.source);
  return false;
}

function productionHops(evidence: StageEvidence): Hop[] {
  const hops: Hop[] = [];
  const named = evidence.entry.find((file) => productionWord.test(file.path));
  if (named) hops.push(hopAt(named, 'the name of the file says production'));
  if (productionWord.test(evidence.name))
    hops.push(...evidence.entry.slice(0, 1).map((file) => hopAt(file, 'the project name says production')));
  const environment = [...evidence.paths].some((path) => /(^|\/)\.env\.(prod|production)$/.test(path));
  if (environment)
    hops.push(...evidence.entry.slice(0, 1).map((file) => hopAt(file, 'a production env file stands beside it')));
  for (const file of evidence.namedBy) hops.push(hopAt(file, 'deployed by this script'));
  for (const service of evidence.services) {
    if (service.active && service.replicas.known && service.replicas.value > 1)
      hops.push({ at: service.replicas.at, says: 'runs several replicas' });
    for (const process of service.processes) {
      // An image of others may start a server for a tool; the program that counts is built here or runs on the host.
      const own = service.build !== undefined || service.compose === undefined;
      if (own && isProductionServer(process))
        hops.push({
          at: process.at,
          says: process.server === 'node' ? 'runs with NODE_ENV=production' : `runs ${process.server} without reload`,
        });
    }
  }
  return hops;
}

/** A server of Python or Node that runs as it does in production: without reload, or with Node told so. */
function isProductionServer(process: Process): boolean {
  if (process.server === 'node') return isProductionNode(process);
  const reloads = !process.reload.known || process.reload.value;
  return ['gunicorn', 'uvicorn', 'hypercorn', 'daphne', 'granian', 'uwsgi'].includes(process.server) && !reloads;
}

/** `node`, PM2 or a `start` script with NODE_ENV=production; scripts for development are not. */
function isProductionNode({ command, environment }: Process): boolean {
  const mode = environment.variables.get('NODE_ENV');
  if (!mode?.known || mode.value !== 'production') return false;
  const words = command.words.map((word) => word.text);
  if (words.some((word) => /(^|[:/-])(dev|develop|watch|nodemon|test)([:.-]|$)|^--(watch|inspect)/.test(word)))
    return false;
  const program = words.find((word) => /(^|\/)(node|pm2|pm2-runtime|npm|yarn|pnpm)$/.test(word)) ?? '';
  return !/(npm|yarn|pnpm)$/.test(program) || words.some((word) => /^start(:|$)/.test(word));
}

function hopAt(source: SourceText, says: string): Hop {
  return { at: { source, span: { start: 0, end: 0 } }, says };
}
