import { expect, it } from 'vitest';
import { generateFiles, readIfThere } from '../scripts/generated-files.ts';

it('has generated files that match their sources (else run `npm run generate`)', async () => {
  const stale = [...(await generateFiles())].filter(([path, text]) => readIfThere(path) !== text).map(([path]) => path);
  expect(stale).toEqual([]);
});
