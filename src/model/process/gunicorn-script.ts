import type { PythonFunction, PythonStatement } from '../../parse/python-tree.ts';
import type { FoundCall } from '../../parse/python-walk.ts';
import type { SourceText } from '../../text/source-text.ts';
import { attributeOf } from '../python/attributes.ts';
import { basesOf, findMethod } from '../python/classes.ts';
import { moduleFrame } from '../python/evaluate.ts';
import { childScope, type Definition, type Frame, locate } from '../python/frame.ts';
import type { PythonMap } from '../python/python-data.ts';
import type { PythonProgram } from '../python/python-program.ts';
import { asMap, asObject, type PythonValue } from '../python/python-value.ts';
import { runBlock } from '../python/statements.ts';
import { known } from '../value.ts';
import type { ConfigReader } from './gunicorn-layers.ts';
import { readGunicornSettings } from './gunicorn-settings.ts';
import type { Launch } from './launch.ts';
import type { ServerSettings } from './server-settings.ts';

/**
 * Gunicorn that a script runs through a class of its own, as Gunicorn's page "Custom Application" shows: it reads neither
 * options, GUNICORN_CMD_ARGS nor a file (app/base.py BaseApplication), only what `load_config` takes from the options that
 * the class is given. Undefined for other scripts, and where `load_config` does anything else.
 */
export function readGunicornScript(
  launch: Launch,
  from: { readonly source: SourceText; readonly program: PythonProgram },
): (ServerSettings & { server: 'gunicorn' }) | undefined {
  const options = findOptions(from);
  if (!options) return undefined;
  const variables = new Map(launch.environment.variables);
  variables.delete('GUNICORN_CMD_ARGS');
  const bare: Launch = {
    ...launch,
    command: { ...launch.command, words: launch.command.words.slice(0, 1) },
    environment: { ...launch.environment, variables },
  };
  const settings = readGunicornSettings(bare, optionsReader(from.source, options));
  const own = settings.gunicorn && { ...settings.gunicorn, configurationFile: known(null, launch.at), misnamed: [] };
  return { ...settings, gunicorn: own, server: 'gunicorn' };
}

/** The `self.options` of the application that the script runs. */
function findOptions(from: { source: SourceText; program: PythonProgram }): PythonMap | undefined {
  const { source, program } = from;
  if (!/\bgunicorn\b/.test(source.text)) return undefined;
  for (const found of program.calls(source)) {
    const { callee } = found.call;
    if (callee.kind !== 'attribute' || callee.name !== 'run') continue;
    const frame = frameAt(found, from);
    const application = frame && program.runtime.evaluate(callee.object, frame);
    const definition = program.runtime.definitions.get(asObject(application)?.callee ?? '');
    if (!frame || !application || definition?.node.kind !== 'class' || !takesOptions(definition, frame)) continue;
    const options = asMap(attributeOf(application, { name: 'options', frame, at: locate(frame, found.call) }));
    return options ?? { type: 'map', entries: new Map(), complete: false, literal: undefined };
  }
  return undefined;
}

/** True for a subclass of Gunicorn's application whose `load_config` hands on `self.options` and sets nothing else. */
function takesOptions(definition: Definition, frame: Frame): boolean {
  const isApplication = basesOf(definition, frame).some(
    (base) => typeof base === 'string' && /^gunicorn\.app\.base\.BaseApplication$/.test(base),
  );
  const method = isApplication ? findMethod(definition, { name: 'load_config', frame }) : undefined;
  if (!method) return false;
  const { start, end } = method.node.span;
  const text = method.source.text.slice(start, end);
  const sets = [...text.matchAll(/\bcfg\.set\(\s*(\w+(?:\.lower\(\))?)\s*,/g)];
  return text.includes('self.options.items()') && sets.length === 1 && (text.match(/\bcfg\.set\(/g)?.length ?? 0) === 1;
}

/** What stands before a call that is reached when the script is run: at the top, under its main guard or in a function. */
function frameAt(found: FoundCall, from: { source: SourceText; program: PythonProgram }): Frame | undefined {
  const outer = moduleFrame(from.source, from.program.runtime);
  if (found.class) return undefined;
  const frame: Frame = { ...outer, scope: childScope(outer.scope, '__main__') };
  for (const node of found.ancestors) {
    if (node.kind === 'function' && takesArguments(node)) return undefined;
    const { start } = found.call.span;
    const block = blocksOf(node).find((body) => body.some(({ span }) => span.start <= start && start < span.end));
    if (!block) return undefined;
    runBlock(
      block.filter(({ span }) => span.end <= start),
      frame,
    );
  }
  return frame;
}

function takesArguments(node: PythonFunction): boolean {
  return node.parameters.some((parameter) => parameter.default === undefined);
}

function blocksOf(node: PythonStatement): readonly (readonly PythonStatement[])[] {
  if (node.kind === 'if') return node.branches.map((branch) => branch.body);
  return node.kind === 'function' || node.kind === 'with' || node.kind === 'try' ? [node.body] : [];
}

/** The options as Gunicorn's configuration: `load_config` leaves out those that are None. */
function optionsReader(source: SourceText, options: PythonMap): ConfigReader {
  const written = new Map<string, PythonValue>(
    [...options.entries].flatMap(([name, value]) =>
      value.known && value.value === null ? [] : [[name.toLowerCase(), value] as const],
    ),
  );
  return {
    find: () => source.path,
    read: () => source,
    exists: () => true,
    pending: () => false,
    version: () => undefined,
    evaluate: () => ({ names: [...written.keys()], get: (name) => written.get(name), complete: options.complete }),
    below: () => [],
    isWellFormed: () => true,
  };
}
