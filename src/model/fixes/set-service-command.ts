import { entryOf, mappingEntries } from '../../parse/yaml-read.ts';
import type { Edits } from '../fix.ts';
import type { CommandLine, Service } from '../stack.ts';
import { type CommandOption, setCommandOptions } from './set-command-option.ts';
import { editableOrigin, writeServiceEntries } from './set-service-setting.ts';
import { listItem } from './yaml-insert.ts';
import { preferredQuote } from './yaml-place.ts';

/** What a server's options are written into. */
export interface ServerCommand {
  /** The command of the store or process, where one is written. */
  readonly command: CommandLine | undefined;
  readonly service: Service;
  /** Words that a new command begins with: `['redis-server']`; none for images that add their program (mysql). */
  readonly program: readonly string[];
}

/** Writes options into the server's command, or a new `command:` into its service when there is none. */
export function setServerOptions(server: ServerCommand, options: readonly CommandOption[]): Edits {
  if (server.command && server.command.words.length > 0) return setCommandOptions(server.command, options);
  const words = options.flatMap(({ flag, value, style }) => {
    if (value === undefined) return [flag];
    return style === 'equals' ? [`${flag}=${value}`] : [flag, value];
  });
  return setServiceCommand(server.service, [...server.program, ...words]);
}

/**
 * Adds a `command:` in list form to a service that has none: on one line, or one word a line where the file's other
 * commands are written so or the line would be long. Refused when the service has a command.
 */
export function setServiceCommand(service: Service, words: readonly string[]): Edits {
  const origin = editableOrigin(service);
  if ('refused' in origin) return origin;
  if (entryOf(origin.body, 'command')) return { refused: 'the service has a command already' };
  if (words.some((word) => /["'\\\r\n$]/.test(word))) return { refused: 'a word of the command would need escapes' };
  const quote = preferredQuote(origin.root);
  const flow = `[${words.map((word) => `"${word}"`).join(', ')}]`;
  const value =
    usesBlocks(service) || flow.length > 90
      ? { kind: 'list' as const, items: words.map((word) => listItem(word, quote)) }
      : { kind: 'scalar' as const, source: flow };
  if (origin.body.flow) {
    const list = { kind: 'list' as const, items: words.map((word) => `"${word}"`) };
    return writeServiceEntries(origin, [{ key: 'command', value: list }]);
  }
  return writeServiceEntries(origin, [{ key: 'command', value }]);
}

function usesBlocks(service: Service): boolean {
  const services = service.compose && entryOf(service.compose.root, 'services')?.value;
  const commands = mappingEntries(services).map((entry) => entryOf(entry.value, 'command')?.value);
  const lists = commands.flatMap((node) => (node?.kind === 'sequence' ? [node.flow] : []));
  return lists.length > 0 && lists.filter((flow) => !flow).length * 2 > lists.length;
}
