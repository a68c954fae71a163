import { defineConfig } from 'vitest/config';

// The panel's page in a browser; `dist/panel` has to be built.
export default defineConfig({
  test: {
    include: ['test/panel/*.browser.ts'],
    testTimeout: 90_000,
    hookTimeout: 90_000,
    expect: { poll: { timeout: 30_000 } },
    fileParallelism: false,
  },
});
