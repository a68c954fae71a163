import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../src/engine/configuration.ts';
import { configurationTemplate } from '../../src/engine/configuration-template.ts';
import { configurationWithout, turnOffRule } from '../../src/engine/turn-off-rule.ts';
import { type Rule, severities } from '../../src/rules/rule.ts';
import { createSourceText } from '../../src/text/source-text.ts';
import { applyEdits } from '../../src/text/span.ts';

describe('turnOffRule', () => {
  it.each([
    ['an empty file', '', 'rules:\n  a-rule: off\n'],
    ['a file of comments', '# hello', '# hello\nrules:\n  a-rule: off\n'],
    ['a file without rules, CRLF', 'exclude:\r\n  - x\r\n', 'exclude:\r\n  - x\r\nrules:\r\n  a-rule: off\r\n'],
    [
      'other rules',
      'rules:\n    # note\n    b-rule: hint\nexclude: []\n',
      'rules:\n    a-rule: off\n    # note\n    b-rule: hint\nexclude: []\n',
    ],
    ['an empty section', 'rules:', 'rules:\n  a-rule: off'],
    ['a flow section', 'rules: { b-rule: hint }\n', 'rules: { a-rule: off, b-rule: hint }\n'],
    ['an empty flow section', 'rules: {}\n', 'rules: { a-rule: off }\n'],
    ['a severity', 'rules:\n  a-rule: hint # why\n', 'rules:\n  a-rule: off # why\n'],
    ['a mapping with severity', 'rules:\n  a-rule:\n    severity: hint\n', 'rules:\n  a-rule:\n    severity: off\n'],
    ['a mapping of options', 'rules:\n  a-rule:\n    size: 3\n', 'rules:\n  a-rule:\n    severity: off\n    size: 3\n'],
    ['a key without value', 'rules:\n  a-rule:\n', 'rules:\n  a-rule: off\n'],
    ['a flow file', '{ load: { users: 5 } }', '{ rules: { a-rule: off }, load: { users: 5 } }'],
  ])('turns a rule off in %s', (_, before, after) => {
    const source = createSourceText('headroom.yaml', before);
    const edits = turnOffRule('a-rule', source);
    expect('edits' in edits ? applyEdits(source, edits.edits) : edits.refused).toBe(after);
    expect(isOff(after)).toBe(true);
  });

  it.each(['rules: [1]\n', 'rules: {\n', '- a\n', 'a: 1\n---\nb: 2\n'])('refuses %j', (text) => {
    expect(turnOffRule('a-rule', createSourceText('headroom.yaml', text))).toHaveProperty('refused');
  });

  it('starts a file', () => expect(isOff(configurationWithout('a-rule'))).toBe(true));
});

describe('configurationTemplate', () => {
  it('holds only entries that the reader knows, once uncommented', () => {
    const text = configurationTemplate.replace(/^# (?=( |[a-zA-Z]+:))/gm, '');
    const rules = ['pool-oversized', 'memory-limit-missing'].map((id) => ({ ...rule, id }));
    const read = readConfiguration(createSourceText('headroom.yaml', text), rules);
    expect(read.problems).toEqual([]);
    expect(read.configuration.goal.load?.users).toBe(50);
    expect(read.configuration.rules.size).toBe(2);
    expect(severities).toContain(read.configuration.rules.get('memory-limit-missing')?.severity);
  });
});

const rule: Rule = {
  id: 'a-rule',
  on: 'project',
  severity: 'hint',
  summary: '',
  why: '',
  references: [],
  messages: {},
  check: () => [],
};

function isOff(text: string): boolean {
  const { configuration, problems } = readConfiguration(createSourceText('headroom.yaml', text), [
    { ...rule, options: { size: { default: 1, description: '' } } },
    { ...rule, id: 'b-rule' },
  ]);
  return problems.length === 0 && configuration.rules.get('a-rule')?.severity === 'off';
}
