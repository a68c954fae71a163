import createIgnore from 'ignore';
import { nameOf } from '../model/workspace.ts';

/** Most files that a host looks at in one folder. */
export const maximumFiles = 20_000;

/** Says which folders and files no host looks at; paths are relative to the root, with forward slashes. */
export interface Exclusion {
  skipsFolder(path: string): boolean;
  skipsFile(path: string): boolean;
}

/**
 * The one matcher of all hosts: installed packages, caches, generated and binary files, and the `exclude` patterns of
 * `headroom.yaml` (in gitignore's language). `.gitignore` itself does not count: an ignored `.env` matters.
 */
export function createExclusion(patterns: readonly string[] = []): Exclusion {
  const matchesPattern = compilePatterns(patterns);
  return {
    skipsFolder: (path) => path !== '' && (isVendored(path) || matchesPattern(`${path}/`)),
    skipsFile: (path) =>
      isGenerated(nameOf(path)) || path.split('/').slice(0, -1).some(isVendoredName) || matchesPattern(path),
  };
}

function compilePatterns(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => false;
  const matcher = createIgnore({ allowRelativePaths: true });
  for (const pattern of patterns) addPattern(matcher, pattern);
  return (path) => matcher.ignores(path);
}

/** A pattern that the library cannot compile matches nothing. */
function addPattern(matcher: ReturnType<typeof createIgnore>, pattern: string): void {
  try {
    createIgnore().add(pattern).ignores('probe');
    matcher.add(pattern);
  } catch {
    return;
  }
}

const vendoredNames: ReadonlySet<string> = new Set([
  'node_modules',
  'bower_components',
  'jspm_packages',
  'site-packages',
  'dist-packages',
  '__pycache__',
  '__pypackages__',
  'virtualenv',
  '.git',
  '.hg',
  '.svn',
  '.jj',
  '.tox',
  '.nox',
  '.eggs',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.hypothesis',
  '.ipynb_checkpoints',
  '.cache',
  '.gradle',
  '.terraform',
  '.next',
  '.nuxt',
  '.svelte-kit',
  '.parcel-cache',
  '.turbo',
  '.yarn',
  '.pnpm-store',
  '.vscode-test',
]);

function isVendored(path: string): boolean {
  return isVendoredName(nameOf(path)) || /(^|\/)vendor\/bundle$/.test(path);
}

function isVendoredName(name: string): boolean {
  return vendoredNames.has(name) || /venv|\.egg-info$/.test(name);
}

const lockFiles: ReadonlySet<string> = new Set([
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'poetry.lock',
  'pdm.lock',
  'uv.lock',
  'Pipfile.lock',
  'composer.lock',
  'Gemfile.lock',
  'Cargo.lock',
  'go.sum',
]);

const generatedEndings =
  /\.(min\.(m?js|css)|map|pyc|pyo|so|o|a|dll|dylib|exe|class|jar|war|wasm|node|lockb|png|jpe?g|gif|ico|webp|avif|bmp|tiff?|psd|svg|woff2?|ttf|otf|eot|mp[34]|m4[av]|ogg|wav|flac|webm|mov|avi|mkv|pdf|docx?|xlsx?|pptx?|zip|tar|t?gz|bz2|xz|zst|7z|rar|whl|deb|rpm|iso|vsix|sqlite3?|parquet|npy|npz|pkl|pt|onnx|h5)$/i;

function isGenerated(name: string): boolean {
  return lockFiles.has(name) || generatedEndings.test(name);
}
