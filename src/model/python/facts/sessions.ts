import type { PythonCall, PythonFunction, PythonStatement } from '../../../parse/python-tree.ts';
import { dottedName } from '../../../parse/python-walk.ts';
import type { SourceText } from '../../../text/source-text.ts';
import type { SessionUse } from '../../code-facts.ts';
import { flatMapPausing, type Pausable } from '../../pausable.ts';
import type { CallPlace } from '../frame.ts';
import { isEngineCall } from '../pools/sqlalchemy-pools.ts';
import type { PythonProgram } from '../python-program.ts';
import { asObject, optionsOf } from '../python-value.ts';
import { flatMapFiles } from './flat-map-files.ts';
import { localFrame } from './local-frame.ts';
import { readClosing } from './session-closing.ts';

/** Sessions and connections that a function opens by assigning them to a variable, and how it closes them. */
export function* findSessions(program: PythonProgram, sources: readonly SourceText[]): Pausable<readonly SessionUse[]> {
  const teardown = sources.some((source) =>
    /teardown_(appcontext|request)[\s\S]{0,400}?\.(remove|close)\(\)/.test(source.text),
  );
  const openings = yield* flatMapFiles(sources, {
    program,
    matters: (source) => /\.close\(|[Ss]ession|connect/.test(source.text) && candidateNames(source).size > 0,
    read: (source) => openingsIn(source, program),
  });
  return yield* flatMapPausing(openings, (opening) => sessionOf(opening, { program, teardown }));
}

interface Opening extends SessionOwner {
  readonly place: CallPlace;
}

function openingsIn(source: SourceText, program: PythonProgram): readonly Opening[] {
  const names = candidateNames(source);
  return program.calls(source).flatMap((place): readonly Opening[] => {
    const { statement, call, function: owner } = place;
    if (!names.has(calledName(call)) || !owner || !isOpening(statement, call)) return [];
    const target = statement.targets[0];
    return target?.kind === 'name' ? [{ source, owner, statement, variable: target.name, place }] : [];
  });
}

function sessionOf(
  opening: Opening,
  how: { readonly program: PythonProgram; readonly teardown: boolean },
): readonly SessionUse[] {
  const { place, source, owner, variable } = opening;
  const { call } = place;
  const value = how.program.runtime.evaluate(call, localFrame({ ...place, source }, how.program));
  const object = (optionsOf(value) ?? []).map(asObject).find((option) => option && isSession(option.callee));
  if (!object) return [];
  const closing = readClosing(opening);
  const isScoped = object.callee.includes('scoped_session');
  return [
    {
      at: { source, span: call.span },
      variable,
      functionName: owner.name,
      ...closing,
      closed: isScoped && how.teardown ? 'always' : borrowsConnection(call) ? 'unclear' : closing.closed,
      factory: dottedName(call.callee) ?? calledName(call),
    },
  ];
}

/** `Session(bind=other.connection())` works on a connection that somebody else returns. */
function borrowsConnection(call: PythonCall): boolean {
  return call.arguments.some(({ value }) => value.kind === 'call' && calledName(value) === 'connection');
}

type Assignment = PythonStatement & { readonly kind: 'assign' };

/** Names assigned from a call in this text: only those calls are looked at. */
function candidateNames(source: SourceText): ReadonlySet<string> {
  const names = new Set<string>();
  for (const match of source.text.matchAll(
    /^[ \t]+\w+(?:\s*:[^=\n]+)?\s*=\s*(?:await\s+)?(?:[\w.]+\.)?(\w*(?:[Ss]ession|connect|Connect|conn|db|DB)\w*)\(/gm,
  ))
    names.add(match[1] ?? '');
  return names;
}

function calledName(call: PythonCall): string {
  return call.callee.kind === 'name' || call.callee.kind === 'attribute' ? call.callee.name : '';
}

function isOpening(statement: PythonStatement, call: PythonCall): statement is Assignment {
  if (statement.kind !== 'assign' || statement.operator || statement.targets.length !== 1) return false;
  const value = statement.value.kind === 'await' ? statement.value.value : statement.value;
  return value === call;
}

function isSession(callee: string): boolean {
  if (/^sqlalchemy\.([\w.]+\.)?(async_)?(sessionmaker|scoped_session|async_scoped_session)\(\)$/.test(callee))
    return true;
  if (/^(sqlalchemy\.(orm|ext\.asyncio)(\.\w+)?|sqlmodel)\.(Async)?Session$/.test(callee)) return true;
  if (/^mysql\.connector\.(pooling\.)?MySQLConnectionPool\(\)\.get_connection$/.test(callee)) return true;
  const engine = /^(.*)\(\)\.(connect|raw_connection)$/.exec(callee)?.[1];
  return engine !== undefined && isEngineCall(engine);
}

export type SessionOwner = {
  readonly source: SourceText;
  readonly owner: PythonFunction;
  readonly statement: PythonStatement;
  readonly variable: string;
};
