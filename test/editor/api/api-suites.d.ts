/** Made by scripts/build.mjs from the files `test/editor/api/<workspace>/*.test.ts`. */
declare module 'api-suites' {
  export const suites: readonly { workspace: string; load(): void }[];
}
