import type { Pausable } from '../pausable.ts';
import type { Launch } from '../process/launch.ts';
import type { PythonProgram } from '../python/python-program.ts';
import { type Files, folderOf, nameOf } from '../workspace.ts';

/** Parses the script and the configuration files that the server's settings are read from, with pauses. */
export function* prepareConfiguration(launch: Launch, program: PythonProgram): Pausable<void> {
  const { files } = program;
  const named = launch.command.words.filter(({ text }) => text.endsWith('.py')).map(({ text }) => nameOf(text));
  const configurations = launch.server === 'gunicorn' ? [...named, 'gunicorn.conf.py'] : [];
  const index = pathsByName(files);
  const paths = [launch.scriptPath ?? '', ...configurations.flatMap((name) => index.get(name) ?? [])];
  for (const path of paths) {
    const source = path.endsWith('.py') ? files.workspace.texts.get(path) : undefined;
    if (source) yield* program.prepare(source);
  }
}

/** Parses the settings module and what lies beside it, which it may include, with pauses: they may be large. */
export function* prepareSettings(program: PythonProgram, module: string): Pausable<void> {
  const settings = program.find(module);
  const folder = settings && folderOf(settings.path);
  for (const path of program.resolver.paths) {
    const source = folderOf(path) === folder ? program.files.workspace.texts.get(path) : undefined;
    if (source && source.text.length > largeModule) yield* program.prepare(source);
  }
}

const largeModule = 20_000;

/** The workspace's paths by the name of their file. */
export function pathsByName(files: Files): ReadonlyMap<string, readonly string[]> {
  return files.once('by name', groupByName);
}

function groupByName(paths: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const group = groups.get(nameOf(path));
    if (group) group.push(path);
    else groups.set(nameOf(path), [path]);
  }
  return groups;
}
