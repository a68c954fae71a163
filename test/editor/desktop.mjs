// Runs the API tests in a desktop VS Code that is downloaded first: `npm run test:desktop [-- version]`.
// Optional: the same suite runs in `npm test` in a VS Code server, which needs no download from Microsoft.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { apiWorkspaces, runDesktopSuite, workspaceFolder } from '../harness/api-suite.mjs';
import { cacheFolder, repository } from '../harness/cache.mjs';

const version = process.argv[2] ?? 'stable';
const total = { passed: 0, failed: 0 };
const executable = await downloadAndUnzipVSCode({
  version,
  cachePath: join(cacheFolder, 'desktop'),
  timeout: 30_000,
}).catch((error) => {
  process.stdout.write(
    `The desktop tests are optional and did not run: VS Code could not be downloaded (${error.message}).\n`,
  );
  process.stdout.write('`npm test` runs the same suite in a VS Code server.\n');
});
if (executable === undefined) total.failed++;
else {
  for (const name of apiWorkspaces()) {
    const profile = mkdtempSync(join(tmpdir(), 'headroom-desktop-'));
    const { passed, failed } = await runDesktopSuite({
      executable,
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        ...[
          '--disable-extensions',
          '--disable-workspace-trust',
          '--disable-updates',
          '--skip-welcome',
          '--skip-release-notes',
        ],
        ...[`--user-data-dir=${profile}`, `--extensions-dir=${join(profile, 'extensions')}`],
      ],
      tests: join(repository, 'dist/test/api.js'),
      name,
      workspace: workspaceFolder(name),
      extensionPath: repository,
    });
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    total.passed += passed;
    total.failed += failed;
  }
}
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
