import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { rules } from '../src/rules/index.ts';
import { checkSection } from './harness/check-section.ts';
import { parseFixture } from './harness/fixture.ts';

const folder = fileURLToPath(new URL('rules', import.meta.url));
const fixtures = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.md')) : [];

describe.each(fixtures)('%s', (name) => {
  const fixture = parseFixture(readFileSync(join(folder, name), 'utf8'));
  const rule = rules.find((candidate) => candidate.id === fixture.id);

  it('is the fixture of a registered rule', () => {
    expect(`${fixture.id}.md`).toBe(name);
    expect(rule, 'run `npm run generate` after adding a rule').toBeDefined();
    expect(fixture.sections.some((section) => section.findings.length > 0)).toBe(true);
    expect(fixture.sections.some((section) => section.findings.length === 0)).toBe(true);
    expect(
      fixture.sections.some((section) => section.fixed.length > 0) || rule?.noFix,
      'a fix or `noFix`',
    ).toBeTruthy();
  });

  it.each(fixture.sections)('$title', (section) => {
    if (rule) expect(checkSection(section, { rule, rules }).join('\n\n')).toBe('');
  });
});

it('has a fixture for every rule', () => {
  expect(fixtures.map((name) => name.replace('.md', '')).sort()).toEqual(rules.map((rule) => rule.id).sort());
});
