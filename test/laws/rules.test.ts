import { describe, expect, it } from 'vitest';
import { fillTemplate } from '../../src/engine/sentence.ts';
import { rules } from '../../src/rules/index.ts';
import { severities } from '../../src/rules/rule.ts';
import { listFiles } from './source-files.ts';

it('has one file per rule, named like it', () => {
  const files = listFiles('src/rules').filter((path) => !/\/(rule|index)\.ts$/.test(path));
  expect(rules.map((rule) => `src/rules/${rule.id}.ts`)).toEqual(files);
});

describe.each([...rules])('$id', (rule) => {
  it('says what it is in plain terms', () => {
    expect(rule.id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/);
    expect(rule.summary).toMatch(/^[^\n]{10,120}\.$/);
    expect(rule.why.length).toBeGreaterThan(80);
    expect(rule.references.length).toBeGreaterThan(0);
    for (const severity of Object.values(rule.severities ?? {})) expect(severities).toContain(severity);
  });

  it('puts the verdict into the first hundred characters', () => {
    const long = Object.entries(rule.messages)
      .map(([name, template]) => ({ name, text: fillTemplate(template, typicalValues(template)) }))
      .filter(({ text }) => (/^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text).length > 110);
    expect(long).toEqual([]);
  });

  it('names options in words that a user can write', () => {
    for (const [name, option] of Object.entries(rule.options ?? {})) {
      expect(name).toMatch(/^[a-z][A-Za-z0-9]*$/);
      expect(option.description).toMatch(/\.$/);
    }
  });
});

/** Values as long as real ones: three digits for numbers, a name of nine letters for everything else. */
function typicalValues(template: string): Record<string, string> {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const isName = /name|service|store|pool|alias|file|setting|variable|class|engine|key|program|library/i;
  return Object.fromEntries(names.map((name) => [name, isName.test(name) ? 'reporting' : '100']));
}
