import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { openFolder } from '../src/cli/load-workspace.ts';
import { settle } from '../src/cli/settle.ts';
import type { Finding } from '../src/engine/finding.ts';
import { createSession } from '../src/model/session.ts';
import { rules } from '../src/rules/index.ts';
import { positionAt } from '../src/text/source-text.ts';
import { readExpectedReport, type Variant } from './harness/expected-report.ts';

const folder = fileURLToPath(new URL('projects', import.meta.url));
const copies = mkdtempSync(join(tmpdir(), 'headroom-projects-'));

afterAll(() => rmSync(copies, { recursive: true, force: true }));

for (const name of readdirSync(folder)) {
  const expected = readExpectedReport(readFileSync(join(folder, name, 'expected.md'), 'utf8'));
  describe(`the stack ${name}`, () => {
    it('is reported as its team should have seen it', () => {
      const findings = findingsOf(join(folder, name, 'before'));
      for (const row of expected.before) {
        const places = findings
          .filter((finding) => finding.rule === row.rule && finding.severity === row.severity)
          .map(placeOf);
        expect(places, `${row.rule}, ${row.severity}`).toEqual(
          expect.arrayContaining([expect.toSatisfy((place: string) => row.places.includes(place))]),
        );
      }
      const promised = new Set(expected.before.map((row) => row.rule));
      const surprising = findings.filter(
        (finding) => /error|warning/.test(finding.severity) && !promised.has(finding.rule),
      );
      expect(surprising.map((finding) => `${placeOf(finding)} ${finding.rule}: ${finding.text}`)).toEqual([]);
    });

    it('is quiet where a hasty reader would complain', () => {
      const found = findingsOf(join(folder, name, 'before')).map((finding) => `${placeOf(finding)} ${finding.rule}`);
      const wrong = expected.silent
        .flatMap(({ place, rules: named }) => named.map((rule) => `${place} ${rule}`))
        .filter((entry) => found.includes(entry));
      expect(wrong).toEqual([]);
    });

    it('is clean once the proposals are applied', () => {
      const left = findingsOf(join(folder, name, 'fixed')).filter((finding) => finding.severity !== 'hint');
      expect(left.map((finding) => `${placeOf(finding)} ${finding.rule}: ${finding.text}`)).toEqual([]);
    });

    for (const variant of expected.variants) {
      it(`with ${variant.name}`, () => {
        const findings = findingsOf(applyVariant(name, variant));
        for (const { rule, severity, times } of variant.found) {
          const count = findings.filter((finding) => finding.rule === rule && finding.severity === severity).length;
          expect(
            count,
            `${rule}, ${severity}: ${findings.map((finding) => `${placeOf(finding)} ${finding.rule} ${finding.severity}`).join('; ')}`,
          ).toBeGreaterThanOrEqual(times);
        }
        expect(findings.map((finding) => finding.rule).filter((rule) => variant.gone.includes(rule))).toEqual([]);
      });
    }
  });
}

function findingsOf(path: string): readonly Finding[] {
  const open = openFolder(path, { rules });
  return settle(open, { rules, session: createSession(), configuration: undefined }).report.findings;
}

function placeOf(finding: Finding): string {
  const { source, span } = finding.at;
  return `${source.path}:${positionAt(source, span.start).line + 1}`;
}

function applyVariant(name: string, variant: Variant): string {
  const copy = join(copies, `${name}-${variant.name}`);
  cpSync(join(folder, name, variant.tree), copy, { recursive: true });
  for (const { file, before, after } of variant.edits) {
    const path = join(copy, file);
    const text = readFileSync(path, 'utf8');
    expect(text.split(before)).toHaveLength(2);
    writeFileSync(
      path,
      text.replace(before, () => after),
    );
  }
  return copy;
}
