// `npm run oracles [-- --only compose] [--record]`: asks the real programs every case, reports what differs from the
// record, and prints how far Headroom agrees with them. With --record the new answers replace the old ones; --recorded
// asks nobody and prints the table of docs/agreement.md from the record.
import { parseArgs } from 'node:util';
import { type Answer, agreementRow, compareWithAnswers, describeAgreement, type Oracle } from './agreement.ts';
import { oracleNames } from './folder.ts';
import { ensurePrograms } from './programs.ts';
import { driftOf, readRecording, writeRecording } from './recording.ts';

void main();

async function main(): Promise<void> {
  const { values: options } = parseArgs({
    options: { only: { type: 'string' }, record: { type: 'boolean', default: false }, recorded: { type: 'boolean' } },
  });
  const folders = oracleNames();
  const chosen = options.only?.split(',') ?? folders;
  const unknownNames = chosen.filter((name) => !folders.includes(name));
  if (unknownNames.length > 0) throw new Error(`Unknown oracle: ${unknownNames.join(', ')} (${folders.join(', ')})`);

  if (options.recorded) return printRecorded(chosen);
  for (const suite of ['sid', 'bookworm'] as const) {
    process.stdout.write(`${suite}: ${(await ensurePrograms(suite)).join(', ')}\n`);
  }
  let failed = false;
  for (const name of chosen) {
    const { oracle, version } = (await import(`./${name}/oracle.ts`)) as {
      readonly oracle: Oracle;
      readonly version: () => Promise<string>;
    };
    const program = await version();
    const cases = oracle.cases();
    const answers: Record<string, Answer> = {};
    for (const given of cases) answers[given.name] = await oracle.ask(given);
    const recorded = readRecording(name);
    const drift = driftOf(recorded, answers);
    process.stdout.write(
      `\n${program} (recorded: ${recorded.program}), ${drift.length} answers differ from the record\n`,
    );
    for (const line of drift.slice(0, 20)) process.stdout.write(`  drift: ${line}\n`);
    const agreement = compareWithAnswers(cases, answers, oracle.ours);
    for (const line of agreement.different.slice(0, 40)) process.stdout.write(`  different: ${line}\n`);
    process.stdout.write(`${describeAgreement(program, agreement)}\n`);
    if (options.record) writeRecording(name, { program, unknownAtMost: agreement.unknown.length, answers });
    failed ||= agreement.different.length > 0;
  }
  process.exitCode = failed ? 1 : 0;
}

async function printRecorded(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const { oracle } = (await import(`./${name}/oracle.ts`)) as { readonly oracle: Oracle };
    const { program, answers } = readRecording(name);
    process.stdout.write(`${agreementRow(program, compareWithAnswers(oracle.cases(), answers, oracle.ours))}\n`);
  }
}
