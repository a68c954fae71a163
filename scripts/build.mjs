// Bundles the extension, the command and the tests of the extension host into dist/. An entry that is absent is left out.
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Builds `dist/`; returns the written files, relative to the repository. Rejects when a source file does not compile. */
export async function build() {
  const { build: bundle } = await import('esbuild');
  const shared = {
    absWorkingDir: repository,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node18',
    legalComments: 'none',
    logLevel: 'warning',
  };
  const page = {
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
  };
  const entries = [
    { entryPoints: ['src/editor/extension.ts'], outfile: 'dist/extension.js', external: ['vscode'], minify: true },
    { entryPoints: ['src/cli/main.ts'], outfile: 'dist/cli.js', banner: { js: '#!/usr/bin/env node' }, minify: true },
    { entryPoints: ['src/panel/page/panel.tsx'], outfile: 'dist/panel/panel.js', ...page },
    { entryPoints: ['src/panel/page/simulate-worker.ts'], outfile: 'dist/panel/simulate-worker.js', ...page },
    {
      entryPoints: ['test/editor/api/index.ts'],
      outfile: 'dist/test/api.js',
      external: ['vscode'],
      sourcemap: 'inline',
      plugins: [apiSuites()],
      // Mocha's parallel runner, which is not used here.
      logOverride: { 'require-resolve-not-external': 'silent' },
    },
  ];
  const isPresent = (entry) => existsSync(join(repository, entry.entryPoints[0]));
  for (const entry of entries.filter((one) => !isPresent(one)))
    rmSync(join(repository, entry.outfile), { force: true });
  await Promise.all(entries.filter(isPresent).map((entry) => bundle({ ...shared, ...entry })));
  const written = entries.filter(isPresent).map((entry) => entry.outfile);
  if (written.includes('dist/cli.js')) chmodSync(join(repository, 'dist/cli.js'), 0o755);
  return written;
}

/** Gives the module `api-suites`: every test/editor/api/<workspace>/*.test.ts, loaded when its suite is wanted. */
function apiSuites() {
  return {
    name: 'api-suites',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^api-suites$/ }, () => ({ path: 'api-suites', namespace: 'api-suites' }));
      onLoad({ filter: /.*/, namespace: 'api-suites' }, () => {
        const folder = join(repository, 'test/editor/api');
        const files = readdirSync(folder, { recursive: true }).map((file) => file.replaceAll('\\', '/'));
        const suites = files
          .filter((file) => /^[^/]+\/[^/]+\.test\.ts$/.test(file))
          .sort()
          .map((file) => `{ workspace: '${file.split('/')[0]}', load: () => require('./${file}') }`);
        return { contents: `export const suites = [${suites.join(', ')}];`, resolveDir: folder };
      });
    },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const started = Date.now();
  const written = await build();
  process.stdout.write(
    `${written.map((file) => relative(process.cwd(), join(repository, file))).join(', ')} in ${Date.now() - started} ms\n`,
  );
}
