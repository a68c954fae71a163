import type { SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import { finishProject } from '../compose-project.ts';
import type { Pausable } from '../pausable.ts';
import { defaultHop, noSettings } from '../process/server-settings.ts';
import type { Session } from '../session.ts';
import type { Environment, Process, Project, Service } from '../stack.ts';
import { known, unknown, type Value } from '../value.ts';
import type { Files } from '../workspace.ts';
import { readCodeFacts } from './code-facts.ts';
import { djangoPools, readDjangoSettings, settingsModuleFor } from './django-settings.ts';
import { findPools } from './pools.ts';
import { createPythonProgram } from './python-program.ts';

const outOfTheWay =
  /(^|\/)(tests?|docs?|examples?|samples?|migrations|alembic|scripts|tools|benchmarks?)\/|(^|\/)(test_[^/]*|conftest|setup|env)\.py$/i;
const opensConnections =
  /create_engine|create_async_engine|ConnectionPool|create_pool|PooledDB|\bLimits\(|AsyncClient\(|DATABASES\b|SQLALCHEMY_|sessionmaker|SessionLocal/;

/** A project of nothing but Python code: how it is started is unknown, its pools and sessions are not. */
export function* readCodeProject(tools: {
  readonly files: Files;
  readonly session: Session;
}): Pausable<Project | undefined> {
  const paths = [...tools.files.workspace.paths].filter((path) => path.endsWith('.py') && !outOfTheWay.test(path));
  const sources = paths
    .sort()
    .flatMap((path) => tools.files.read(path) ?? [])
    .filter((source) => opensConnections.test(source.text));
  const [first] = sources;
  if (!first) return undefined;
  const environment: Environment = {
    variables: new Map(),
    complete: false,
    why: 'nothing here says how the code is started',
  };
  const program = createPythonProgram({ ...tools, roots: ['', 'src'], environment });
  const module = settingsModuleFor(program, { entry: undefined, sources });
  const django = module === undefined ? undefined : readDjangoSettings(program, module);
  const at: Location = { source: first, span: { start: 0, end: 0 } };
  const pools = [...(yield* findPools(program, sources)), ...(django ? djangoPools(django, at) : [])];
  const code = yield* readCodeFacts(program, sources);
  if (pools.length === 0 && code.sessions.length === 0 && !django) return undefined;
  const why = 'nothing here says how the code is started';
  const process: Process = {
    ...noSettings('this code', at),
    server: 'unknown',
    at,
    command: { words: [], at, form: 'text', trail: [] },
    concurrency: unknown(why, at),
    refusals: [],
    signals: { forwarded: unknown(why, at), blockedAt: undefined, blockedBy: undefined },
    unexpanded: [],
    environment,
    pools,
    django,
    code,
  };
  const service = codeService(process, { at, environment });
  return finishProject(
    {
      name: 'code',
      kind: 'code',
      files: uniqueFiles(sources),
      entry: [first],
      services: [service],
      stores: [],
      unknowns: [],
    },
    tools,
  );
}

function codeService(process: Process, from: { at: Location; environment: Environment }): Service {
  const { at, environment } = from;
  const why = 'nothing here says how the code is started';
  const none: Value<null> = known(null, at, [defaultHop('compose.limits')]);
  return {
    name: 'code',
    role: 'unknown',
    at,
    active: true,
    image: undefined,
    build: undefined,
    environment,
    replicas: unknown(why, at),
    limits: { memoryBytes: none, cpus: none, memoryReservationBytes: none, pairs: [] },
    stopGracePeriodSeconds: unknown(why, at),
    stopSignal: unknown(why, at),
    publishedPorts: [],
    volumes: [],
    networks: [],
    processes: [process],
    compose: undefined,
  };
}

function uniqueFiles(sources: readonly SourceText[]): readonly SourceText[] {
  return [...new Set(sources)];
}
