import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, Recording } from './agreement.ts';
import { oraclesFolder } from './folder.ts';

/** Reads the recorded answers of an oracle; an oracle without a record has none. */
export function readRecording(name: string): Recording {
  const path = recordingPath(name);
  if (!existsSync(path)) return { program: 'not recorded', unknownAtMost: 0, answers: {} };
  return JSON.parse(readFileSync(path, 'utf8')) as Recording;
}

/** Writes the recorded answers, one line a case, in the order of the cases. */
export function writeRecording(name: string, { program, unknownAtMost, answers }: Recording): void {
  const lines = Object.entries(answers).map(([key, answer]) => `${JSON.stringify(key)}: ${JSON.stringify(answer)}`);
  const head = `"program": ${JSON.stringify(program)},\n"unknownAtMost": ${unknownAtMost},\n"answers": {\n`;
  writeFileSync(recordingPath(name), `{\n${head}${lines.join(',\n')}\n}\n}\n`);
}

/** Names of the cases whose answer differs between the record and a new run. */
export function driftOf(recorded: Recording, answers: Readonly<Record<string, Answer>>): readonly string[] {
  const withoutReason = (answer: Answer | undefined) =>
    JSON.stringify(answer?.refused === true ? { refused: true } : answer);
  return Object.keys(answers).filter((name) => withoutReason(answers[name]) !== withoutReason(recorded.answers[name]));
}

function recordingPath(name: string): string {
  return join(oraclesFolder, name, 'recorded.json');
}
