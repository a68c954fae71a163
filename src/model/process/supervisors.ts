import { type MappedText, mappedFrom, mappedLiteral } from '../../text/mapped-text.ts';
import type { SourceText } from '../../text/source-text.ts';
import { absolutePath } from '../image/image-stage.ts';
import { known } from '../value.ts';
import { nameOf } from '../workspace.ts';
import { parseOptions } from './command-options.ts';
import { lastOption } from './server-settings.ts';
import type { SupervisedProgram, SupervisorStart, SupervisorTools } from './supervised-program.ts';
import { readSupervisord } from './supervisord.ts';
import { programName } from './wrappers.ts';

/** What a supervisor starts; a name stands for a file that is not in the workspace. Undefined for other programs. */
export function findSupervised(
  start: SupervisorStart,
  tools: SupervisorTools,
): { readonly programs: readonly SupervisedProgram[] } | { readonly missing: string } | undefined {
  const name = programName(start.words[0]);
  if (name === 'supervisord') {
    const programs = readSupervisord(start, tools);
    return programs ? { programs } : { missing: 'the configuration of supervisord' };
  }
  if (/^(honcho|foreman|forego|overmind|goreman|hivemind)$/.test(name)) return readProcfile(start, tools);
  if (/^(init|s6-svscan|s6-overlay-suexec|my_init|runsvdir|runit)$/.test(name)) return readRunFolders(start, tools);
  return undefined;
}

/** The processes of a Procfile; each `NAME: COMMAND` is a line for a shell. */
export function procfileEntries(source: SourceText): readonly { name: string; start: number; text: string }[] {
  return [...source.text.matchAll(/^([A-Za-z][\w-]*)\s*:[ \t]*(\S.*?)[ \t\r]*$/gm)].map((match) => ({
    name: match[1] ?? 'web',
    start: match.index + match[0].indexOf(match[2] ?? '', (match[1] ?? '').length + 1),
    text: match[2] ?? '',
  }));
}

const procfileOptions = {
  prefixes: false,
  values: { '-f': 'file', '--procfile': 'file', '-c': 'counts', '--concurrency': 'counts', '-e': 'env', '-p': 'port' },
  switches: { '--no-colour': 'colour', '-q': 'quiet' },
};

function readProcfile(start: SupervisorStart, tools: SupervisorTools): ReturnType<typeof findSupervised> {
  const line = parseOptions(start.words.slice(1), procfileOptions);
  const file = lastOption(line, 'file')?.value?.text ?? 'Procfile';
  const found = tools.container.find(absolutePath(start.workingDirectory, file));
  const source = found === undefined ? undefined : tools.files.read(found);
  if (!source) return found === undefined || !tools.files.pending(found) ? { missing: file } : { programs: [] };
  const chosen = new Set(line.positional.map(({ text }) => text).filter((text) => text !== 'start'));
  const entries = procfileEntries(source).filter(({ name }) => chosen.size === 0 || chosen.has(name));
  return {
    programs: entries.map(({ name, start: from, text }) => {
      const at = { source, span: { start: from, end: from + text.length } };
      const shell = ['/bin/sh', '-c'].map((word) => mappedLiteral(word, { at, exact: false }));
      return program(start, { words: [...shell, mappedFrom(at)], at, says: `runs ${name} of ${nameOf(source.path)}` });
    }),
  };
}

const serviceFolders = [
  '/etc/services.d',
  '/etc/s6-overlay/s6-rc.d',
  '/etc/cont-services.d',
  '/etc/s6/services',
  '/etc/service',
  '/etc/sv',
];

/** s6-overlay, s6 and runit: a folder for each service with a script `run`. */
function readRunFolders(start: SupervisorStart, tools: SupervisorTools): ReturnType<typeof findSupervised> {
  const named = start.words.slice(1).find((word) => word.text.startsWith('/'));
  const folders = [...new Set([...(named ? [named.text] : []), ...serviceFolders])];
  const scripts = folders.flatMap((folder) => {
    const path = folder.replace(/\/$/, '');
    const runs = tools.container.names(path).map((name) => `${path}/${name}/run`);
    return runs.filter((run) => tools.container.find(run) !== undefined);
  });
  const programs = scripts.slice(0, 50).map((path) => {
    const word = mappedLiteral(path, { at: start.at, exact: false });
    return program(start, { words: [word], at: start.at, says: `runs ${path}` });
  });
  return { programs };
}

function program(
  start: SupervisorStart,
  from: { words: readonly MappedText[]; at: SupervisorStart['at']; says: string },
): SupervisedProgram {
  const { environment, workingDirectory } = start;
  return {
    words: from.words,
    at: from.at,
    trail: [{ at: from.at, says: from.says }],
    environment,
    workingDirectory,
    supervised: { copies: known(1, from.at), stopPeriodSeconds: undefined },
  };
}
