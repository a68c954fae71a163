import type { PythonFunction } from '../../../parse/python-tree.ts';
import { walkStatements } from '../../../parse/python-walk.ts';
import type { SourceText } from '../../../text/source-text.ts';
import type { Location } from '../../../text/span.ts';
import type { CodeFacts } from '../../code-facts.ts';
import type { Pausable } from '../../pausable.ts';
import { findPlacesPausing } from '../pools/pool-sites.ts';
import type { PythonProgram } from '../python-program.ts';
import { asObject, referenceName } from '../python-value.ts';
import { localFrame } from './local-frame.ts';

/** The framework whose application object the files create; the first file that does decides. */
export function findFramework(sources: readonly SourceText[]): CodeFacts['framework'] {
  for (const { text } of sources) {
    if (/\bFastAPI\s*\(/.test(text)) return 'fastapi';
    if (/\bFlask\s*\(/.test(text) && /\bflask\b/.test(text)) return 'flask';
    if (/\bStarlette\s*\(/.test(text)) return 'starlette';
    if (/django\.core\.(wsgi|asgi|management)|\bget_wsgi_application\b/.test(text)) return 'django';
  }
  return sources.some(({ text }) => /^\s*(from|import) django\b/m.test(text)) ? 'django' : undefined;
}

/** A scheduler that runs inside the process: APScheduler, once started. */
export function* findScheduler(program: PythonProgram, sources: readonly SourceText[]): Pausable<Location | undefined> {
  const names = new Set([
    'BackgroundScheduler',
    'AsyncIOScheduler',
    'GeventScheduler',
    'TornadoScheduler',
    'APScheduler',
  ]);
  const places = yield* findPlacesPausing(program, { sources, names });
  const place = places.find(({ call, source }) => {
    const name = call.callee.kind === 'name' || call.callee.kind === 'attribute' ? call.callee.name : '';
    const isLibrary = /apscheduler/.test(source.text);
    if (!names.has(name) || !isLibrary) return false;
    return /\.start\(/.test(source.text) || sources.some(({ text }) => /scheduler\w*\.start\(/i.test(text));
  });
  return place && { source: place.source, span: place.call.span };
}

/** A Socket.IO server without a message queue: its clients must always reach the same process. */
export function* findSocketIo(program: PythonProgram, sources: readonly SourceText[]): Pausable<Location | undefined> {
  if (sources.some(({ text }) => /\b(message_queue|client_manager)\s*=\s*(?!None\b)/.test(text))) return undefined;
  const names = new Set(['SocketIO', 'Server', 'AsyncServer', 'SocketManager']);
  const mentioning = sources.filter(({ text }) => /socketio/.test(text));
  const places = yield* findPlacesPausing(program, { sources: mentioning, names });
  const place = places.find((candidate) => {
    const name = referenceName(program.runtime.evaluate(candidate.call.callee, localFrame(candidate, program))) ?? '';
    return /^(flask_socketio\.SocketIO|socketio\.(\w+\.)?(Server|AsyncServer)|fastapi_socketio\.SocketManager)$/.test(
      name,
    );
  });
  return place && { source: place.source, span: place.call.span };
}

const methods = /^(get|post|put|patch|delete|api_route|route|head|options)$/;

/** The first plain `def` endpoint, when such endpoints are the majority: AnyIO's threads serve them. */
export function* findSyncEndpoints(
  program: PythonProgram,
  sources: readonly SourceText[],
): Pausable<Location | undefined> {
  let first: Location | undefined;
  let plain = 0;
  let asynchronous = 0;
  for (const source of sources) {
    if (!/fastapi|APIRouter|starlette/.test(source.text)) continue;
    walkStatements(program.parse(source).body, (statement, context) => {
      if (statement.kind !== 'function') return;
      if (!isEndpoint(statement, { program, source, ...context })) return;
      if (statement.async) asynchronous += 1;
      else {
        plain += 1;
        first ??= { source, span: statement.nameSpan };
      }
    });
    yield;
  }
  return plain > asynchronous ? first : undefined;
}

function isEndpoint(
  node: PythonFunction,
  where: Parameters<typeof localFrame>[0] & { readonly program: PythonProgram },
): boolean {
  return node.decorators.some((decorator) => {
    if (decorator.kind !== 'call' || decorator.callee.kind !== 'attribute' || !methods.test(decorator.callee.name))
      return false;
    const { object } = decorator.callee;
    if (where.function && object.kind === 'name') return /^(app|router|api)$/.test(object.name);
    const holder = asObject(where.program.runtime.evaluate(object, localFrame(where, where.program)));
    return /^fastapi\.(\w+\.)*(FastAPI|APIRouter)$/.test(holder?.callee ?? '');
  });
}
