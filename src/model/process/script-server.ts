import type { PythonCall } from '../../parse/python-tree.ts';
import { dottedName, findCalls, keywordArgument } from '../../parse/python-walk.ts';
import type { SourceText } from '../../text/source-text.ts';
import { moduleFrame } from '../python/evaluate.ts';
import type { PythonProgram } from '../python/python-program.ts';
import type { ServerProgram } from '../stack.ts';
import { known, mapValue, unknown, type Value } from '../value.ts';
import { readGunicornScript } from './gunicorn-script.ts';
import type { Launch } from './launch.ts';
import { variableNumber } from './open-line.ts';
import { defaultNumber, noSettings, type ServerSettings } from './server-settings.ts';

/** A server that a Python script starts itself: `uvicorn.run(...)`, Flask's `app.run(...)`, Gunicorn's application. */
export function readScriptServer(
  launch: Launch,
  from: { readonly source: SourceText; readonly program: PythonProgram },
): (ServerSettings & { server: ServerProgram }) | undefined {
  const module = from.program.parse(from.source);
  const base = noSettings('this script', launch.at);
  for (const { call } of findCalls(module, () => true)) {
    const name = dottedName(call.callee) ?? '';
    const argument = (keyword: string) => readArgument(call, { keyword, ...from });
    if (/(^|\.)uvicorn\.run$/.test(name)) {
      return {
        ...base,
        server: 'uvicorn',
        workers: toNumber(
          argument('workers'),
          variableNumber(launch, 'WEB_CONCURRENCY') ?? defaultNumber('uvicorn.workers', launch.at),
        ),
        threads: known(1, launch.at),
        reload: toFlag(argument('reload'), launch),
        bind: mapText(argument('host'), launch),
        concurrency: unknown('an event loop takes as many requests as arrive', launch.at),
        concurrencyKind: 'async',
      };
    }
    if (/(^|\.)(app|application|create_app\(\))\.run$/.test(name) && /\bflask\b/i.test(from.source.text)) {
      const threaded = argument('threaded');
      const single = threaded?.known === true && threaded.value === false;
      return {
        ...base,
        server: 'flask-run',
        workers: known(1, launch.at),
        reload: toFlag(argument('debug'), launch),
        bind: mapText(argument('host'), launch),
        concurrency: single
          ? known(1, launch.at)
          : unknown('the development server starts a thread for each request', launch.at),
        concurrencyKind: single ? 'single' : 'unbounded-threads',
      };
    }
  }
  return readGunicornScript(launch, from);
}

function readArgument(
  call: PythonCall,
  from: { keyword: string; source: SourceText; program: PythonProgram },
): Value<unknown> | undefined {
  const argument = keywordArgument(call, from.keyword);
  const { runtime } = from.program;
  return argument && runtime.evaluate(argument.value, moduleFrame(from.source, runtime));
}

function toNumber(value: Value<unknown> | undefined, fallback: Value<number>): Value<number> {
  if (value === undefined) return fallback;
  if (value.known && value.value === null) return fallback;
  if (value.known && typeof value.value !== 'number') return unknown('not a number', value.at, { trail: value.trail });
  return mapValue(value, Number);
}

function toFlag(value: Value<unknown> | undefined, launch: Launch): Value<boolean> {
  return value === undefined ? known(false, launch.at) : mapValue(value, (data) => data === true);
}

function mapText(value: Value<unknown> | undefined, launch: Launch): Value<readonly string[]> {
  return value === undefined ? known(['127.0.0.1'], launch.at) : mapValue(value, (data) => [String(data)]);
}
