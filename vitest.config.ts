import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // These run in a real VS Code: test/editor/run.mjs.
    exclude: ['test/editor/api/**', 'test/projects/**'],
    setupFiles: ['test/harness/property-seed.ts'],
    testTimeout: 20_000,
  },
});
