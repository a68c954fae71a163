import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../harness/temporary-folder.ts';
import { badCompose, goodCompose, runCommand } from './run-command.ts';

it('applies safe fixes and reports what is left', () => {
  const folder = temporaryFolder({ 'compose.yaml': badCompose });
  const { code, out } = runCommand(folder, 'check', '--fix');
  expect({ code, out }).toEqual({ code: 0, out: 'No findings; 1 file read.\nApplied 1 fix to 1 file.\n' });
  expect(readFileSync(join(folder, 'compose.yaml'), 'utf8')).toBe(goodCompose);
  expect(runCommand(folder, 'check', '--fix').out).toContain('Nothing to fix.');
  expect(readdirSync(folder)).toEqual(['compose.yaml']);
});

it('keeps line endings, byte order mark and mode', () => {
  const windows = `\uFEFF${badCompose.replaceAll('\n', '\r\n')}`;
  const folder = temporaryFolder({ 'compose.yaml': windows });
  chmodSync(join(folder, 'compose.yaml'), 0o640);
  expect(runCommand(folder, 'check', '--fix').code).toBe(0);
  expect(readFileSync(join(folder, 'compose.yaml'), 'utf8')).toBe(windows.replace('1g', '512m'));
  expect(statSync(join(folder, 'compose.yaml')).mode & 0o777).toBe(0o640);
});

it('shows a diff that patch takes and writes nothing', () => {
  const folder = temporaryFolder({ 'compose.yaml': badCompose });
  const { code, out } = runCommand(folder, 'check', '--dry-run');
  expect(code).toBe(0);
  expect(out).toBe(`--- a/compose.yaml
+++ b/compose.yaml
@@ -2,4 +2,4 @@
   web:
     image: example/web:1
     mem_limit: 512m
-    mem_reservation: 1g
+    mem_reservation: 512m
`);
  expect(readFileSync(join(folder, 'compose.yaml'), 'utf8')).toBe(badCompose);
});

it('writes through a link inside the folder and never outside', () => {
  const outside = temporaryFolder({ 'compose.yaml': badCompose });
  const folder = temporaryFolder({ 'deploy/stack.yml': badCompose });
  symlinkSync('deploy/stack.yml', join(folder, 'compose.yaml'));
  symlinkSync(join(outside, 'compose.yaml'), join(folder, 'docker-compose.prod.yml'));
  runCommand(folder, 'check', '--fix');
  expect(readFileSync(join(folder, 'deploy/stack.yml'), 'utf8')).toBe(goodCompose);
  expect(lstatSync(join(folder, 'compose.yaml')).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(outside, 'compose.yaml'), 'utf8')).toBe(badCompose);
});

it('leaves silenced findings alone', () => {
  const text = badCompose.replace('1g', '1g # headroom-ignore reservation-exceeds-limit -- on purpose');
  const folder = temporaryFolder({ 'compose.yaml': text });
  runCommand(folder, 'check', '--fix');
  expect(readFileSync(join(folder, 'compose.yaml'), 'utf8')).toBe(text);
});
