import type { Edits } from '../model/fix.ts';
import { replaceText } from '../model/fixes/replace-text.ts';
import { setCommandOption } from '../model/fixes/set-command-option.ts';
import { setServiceCommand } from '../model/fixes/set-service-command.ts';
import type { Service, Store, UnloadedFile } from '../model/stack.ts';
import { textAt } from '../text/span.ts';
import { setStoreOptions } from './store-options.ts';

/** The change that makes a server read a file: its path in the command, or another place for the mount. */
export interface Loading {
  readonly kind: 'name' | 'mount';
  /** Where the file then stands in the container. */
  readonly path: string;
  readonly edits: Edits;
}

/** Makes a server read a configuration file that it leaves aside. */
export function loadConfigurationFile(of: { store: Store; service: Service; file: UnloadedFile }): Loading {
  const { store, file } = of;
  const { path } = file;
  if (file.why === 'not-named')
    return { kind: 'name', path, edits: store.engine === 'postgresql' ? nameForPostgresql(of) : nameForRedis(of) };
  const name = path.slice(path.lastIndexOf('/') + 1);
  const moved =
    file.why === 'wrong-name'
      ? `${path.slice(0, path.lastIndexOf('/') + 1)}${name.replace(/\.[^.]*$/, '')}.cnf`
      : `/etc/mysql/conf.d/${name}`;
  return { kind: 'mount', path: moved, edits: moveMount(file, moved) };
}

/** The file replaces that of the image, which listens on all addresses. */
function nameForPostgresql({ store, service, file }: { store: Store; service: Service; file: UnloadedFile }): Edits {
  if (!file.source || !/^\s*listen_addresses\b/m.test(file.source.text))
    return { refused: "the file must set listen_addresses = '*' first: without it other containers cannot connect" };
  return setStoreOptions({ store, service }, [{ flag: '-c', value: `config_file=${file.path}` }]);
}

/** Redis takes the file as its first word. */
function nameForRedis({ store, service, file }: { store: Store; service: Service; file: UnloadedFile }): Edits {
  const isLocal = file.source && /^\s*bind\s+(?!.*(?:0\.0\.0\.0|\*)).*\b127\.0\.0\.1/m.test(file.source.text);
  if (isLocal) return { refused: 'the file binds to 127.0.0.1: other containers could not connect' };
  const words = store.command?.words ?? [];
  if (words.length === 0) return setServiceCommand(service, [`${store.engine}-server`, file.path]);
  if (!store.command || words.length > 1)
    return { refused: "the file must stand directly behind the server's name, before its options" };
  return setCommandOption(store.command, { flag: file.path });
}

function moveMount(file: UnloadedFile, path: string): Edits {
  const { source, span } = file.at;
  const offset = textAt(file.at).lastIndexOf(file.path);
  if (offset === -1) return { refused: 'the mount covers the whole folder: rename the file' };
  const start = span.start + offset;
  return replaceText({ source, span: { start, end: start + file.path.length } }, path);
}
