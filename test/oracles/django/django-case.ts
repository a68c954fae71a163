import type { OracleCase } from '../agreement.ts';

/** A Django project: `config/settings.py` (or what `config/wsgi.py` selects) and what it reads. */
export interface DjangoCase extends OracleCase {
  /** What Compose puts into the environment of the process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Aliases of DATABASES that are compared. */
  readonly aliases: readonly string[];
  /** Further settings that are compared: paths such as `REST_FRAMEWORK.PAGE_SIZE`. */
  readonly asked: readonly string[];
  /** True to ask whether Django refuses the settings of the default database when its pool is first used. */
  readonly usesPool: boolean;
}

interface More {
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly aliases?: readonly string[];
  readonly asked?: readonly string[];
  readonly usesPool?: true;
}

/** A case whose settings module has the given text. */
export function settingsCase(name: string, text: string, more: More = {}): DjangoCase {
  return {
    name,
    files: { 'config/settings.py': text, ...more.files },
    environment: more.environment ?? {},
    aliases: more.aliases ?? ['default'],
    asked: more.asked ?? [],
    usesPool: more.usesPool ?? false,
  };
}

/** The project's files: the case's own over those that every case has. */
export function projectFiles(given: DjangoCase): Readonly<Record<string, string>> {
  return { 'config/__init__.py': '', 'config/wsgi.py': wsgi, ...given.files };
}

const wsgi = `import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings')
application = get_wsgi_application()
`;
