import type { OracleCase } from '../agreement.ts';

/** A command of Gunicorn with its environment; `files` stand in its working directory, `/app` in the container. */
export interface GunicornCase extends OracleCase {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** How the workspace tells the command: a compose command, the image's CMD, or a start script. */
  readonly told: 'compose' | 'image' | 'script';
}

/** The application that every case serves, unless its words name none. */
export const application = 'app:app';

/** A case of a command line; the application is added where the words do not name it. */
export function commandCase(
  name: string,
  words: readonly string[],
  more: {
    readonly environment?: Readonly<Record<string, string>>;
    readonly files?: Readonly<Record<string, string>>;
    readonly told?: GunicornCase['told'];
  } = {},
): GunicornCase {
  const named = words.some((word) => word.includes(application));
  return {
    name,
    words: named ? words : [...words, application],
    environment: more.environment ?? {},
    files: more.files ?? {},
    told: more.told ?? 'compose',
  };
}

/** A case of a configuration file that stands in the working directory. */
export function fileCase(
  name: string,
  text: string,
  more: {
    readonly environment?: Readonly<Record<string, string>>;
    readonly files?: Readonly<Record<string, string>>;
  } = {},
): GunicornCase {
  return commandCase(name, [], { ...more, files: { 'gunicorn.conf.py': text, ...more.files } });
}

/** The files that the program sees: those of the case and the application. */
export function programFiles(given: GunicornCase): Readonly<Record<string, string>> {
  return { 'app.py': 'def app(environ, start_response):\n    return []\n', ...given.files };
}
