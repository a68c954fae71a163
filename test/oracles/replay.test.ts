import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { agreementRow, compareWithAnswers, describeAgreement, type Oracle } from './agreement.ts';
import { oracleNames } from './folder.ts';
import { readRecording } from './recording.ts';

const folders = oracleNames();
const published = readFileSync(new URL('../../docs/agreement.md', import.meta.url), 'utf8');

describe.each(folders)('%s: recorded answers', async (name) => {
  const { oracle } = (await import(`./${name}/oracle.ts`)) as { readonly oracle: Oracle };
  const recording = readRecording(name);
  const agreement = compareWithAnswers(oracle.cases(), recording.answers, oracle.ours);

  it('agree with what Headroom claims to know', () => {
    process.stdout.write(`${describeAgreement(recording.program, agreement)}\n`);
    expect(agreement.different).toEqual([]);
  });

  it('leave no more unknown than recorded', () => {
    expect(agreement.unknown.length).toBeLessThanOrEqual(recording.unknownAtMost);
  });

  it('are published as they are (npm run oracles -- --recorded prints the table)', () => {
    expect(published).toContain(agreementRow(recording.program, agreement));
  });

  it('has a case for every recorded answer', () => {
    const names = new Set(oracle.cases().map((given) => given.name));
    expect(Object.keys(recording.answers).filter((answered) => !names.has(answered))).toEqual([]);
  });
});
