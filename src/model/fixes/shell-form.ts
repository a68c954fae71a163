import { parseDockerfile } from '../../parse/dockerfile.ts';
import type { CommandForm, DockerfileInstruction, DockerfileStage } from '../../parse/dockerfile-tree.ts';
import { parseYaml } from '../../parse/yaml.ts';
import { derive } from '../../text/source-text.ts';
import { applyEdits, type Location } from '../../text/span.ts';
import type { Edits } from '../fix.ts';
import { findCommandPlace } from './command-place.ts';
import { kindOfFile } from './file-kind.ts';
import { finishEdits, noEdits } from './finish-edits.ts';
import { isShellPrefix } from './shell-place.ts';
import { differOnlyAt, findScalar } from './yaml-place.ts';

/**
 * Writes `exec ` before the command that starts at this place (a script's line, the text of `sh -c`, a shell-form CMD).
 * Refused for pipelines, background commands, functions, and where later commands would never run.
 */
export function prependExec(at: Location): Edits {
  const place = findCommandPlace(at);
  if ('refused' in place) return place;
  if (place.kind === 'list') return { refused: 'no shell stands in between' };
  const { command, script, words, index } = place;
  const name = at.source.text.slice(words[0]?.start, words[0]?.end);
  if (name === 'exec') return noEdits;
  if (index !== 0 || words[0]?.start !== at.span.start) return { refused: 'the command does not start there' };
  if (command.piped || command.background) return { refused: 'the command runs in a pipeline or in the background' };
  if (script.functions.has(name) || /^[({[!]|^(cd|source|\.|eval|set|export|trap)$/.test(name)) {
    return { refused: 'the shell itself runs this command' };
  }
  const later = script.commands.some((other) => {
    const samePath = other.branch === undefined || other.branch.start === command.branch?.start;
    return other.span.start >= command.span.end && samePath;
  });
  if (later) return { refused: 'commands behind it would never run' };
  const start = at.span.start;
  const edit = { source: at.source, span: { start, end: start }, newText: 'exec ' };
  if (kindOfFile(at.source) === 'yaml') {
    const before = derive(at.source, { kind: 'yaml', from: parseYaml }).root;
    const path = findScalar(before, at.span)?.path ?? [];
    const after = parseYaml(applyEdits(at.source, [edit])).root;
    if (!differOnlyAt([path], { before, after })) return { refused: 'the edit would change other parts of the file' };
  }
  return finishEdits([edit]);
}

/**
 * Gives the exec-form CMD or ENTRYPOINT around this place a shell, so that its variables are expanded:
 * `CMD ["sh", "-c", "exec gunicorn --workers ${WORKERS:-4} app:app"]`. Refused where ENTRYPOINT and CMD belong together.
 */
export function wrapInShell(at: Location): Edits {
  for (const stage of derive(at.source, { kind: 'dockerfile', from: parseDockerfile }).stages) {
    for (const instruction of stage.instructions) {
      if (instruction.kind !== 'command' || !covers(instruction, at)) continue;
      const { form } = instruction;
      if (form.kind === 'shell' || isShellPrefix(form.items.map((item) => item.text))) return noEdits;
      const refused = refuseWrap(at, { stage, instruction, form });
      if (refused !== undefined) return { refused };
      const script = `exec ${toShellText(form.items.map((item) => item.text))}`;
      const newText = `["sh", "-c", ${JSON.stringify(script)}]`;
      return finishEdits([{ source: at.source, span: form.span, newText }]);
    }
  }
  return { refused: 'no exec-form CMD or ENTRYPOINT stands there' };
}

/** The words as text of a shell: variables stay open to expansion, everything else keeps its meaning. */
function toShellText(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  if (/^[\w@%+=:,./${}-]+$/.test(word) && !/^[^$]*[{}]/.test(word)) return word;
  if (!/\$[A-Za-z_{]/.test(word)) return `'${word.replaceAll("'", `'\\''`)}'`;
  return `"${word.replace(/["\\`]/g, '\\$&')}"`;
}

type CommandInstruction = DockerfileInstruction & { readonly kind: 'command' };

function refuseWrap(
  at: Location,
  found: { stage: DockerfileStage; instruction: CommandInstruction; form: CommandForm & { kind: 'exec' } },
): string | undefined {
  const { stage, instruction, form } = found;
  const others = stage.instructions.filter((other) => other.kind === 'command' && other.keyword !== 'SHELL');
  const partner = others.findLast((other) => other.keyword !== instruction.keyword);
  const written = at.source.text.slice(form.span.start, form.span.end);
  if (/^\s*#/m.test(written)) return 'a comment stands inside the command';
  if (form.items.some((item) => /\$\(/.test(item.text))) return 'the command holds a command substitution';
  if (instruction.keyword === 'SHELL') return 'SHELL starts no program';
  if (partner?.kind !== 'command') return undefined;
  if (instruction.keyword === 'ENTRYPOINT') return 'CMD gives this ENTRYPOINT its arguments';
  const runsArguments =
    partner.form.kind === 'exec' && /(^|\/)(tini|dumb-init|catatonit|--)$/.test(partner.form.items.at(-1)?.text ?? '');
  return runsArguments ? undefined : 'ENTRYPOINT takes this CMD as its arguments';
}

function covers(instruction: DockerfileInstruction, at: Location): boolean {
  return instruction.span.start <= at.span.start && at.span.end <= instruction.span.end;
}
