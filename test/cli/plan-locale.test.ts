import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openFolder } from '../../src/cli/load-workspace.ts';
import { formatPlanText } from '../../src/cli/plan-text.ts';
import { settle } from '../../src/cli/settle.ts';
import { formatPlanJson } from '../../src/engine/plan-json.ts';
import { planLanguage } from '../../src/engine/plan-language.ts';
import { formatPlanMarkdown } from '../../src/engine/plan-markdown.ts';
import { createPlanReport } from '../../src/engine/plan-report.ts';
import { createSession } from '../../src/model/session.ts';
import { capacityTargets } from '../../src/plan/capacity-target.ts';
import { planCapacity } from '../../src/plan/plan-capacity.ts';
import { writeRunbook } from '../../src/plan/runbook.ts';
import { runCommand } from './run-command.ts';

const projects = fileURLToPath(new URL('../projects', import.meta.url));

describe('a plan in another language', () => {
  const open = openFolder(`${projects}/case-a/before`, { rules: [] });
  const { reading, configuration } = settle(open, { rules: [], session: createSession(), configuration: undefined });
  const [target] = capacityTargets(reading.stack.projects);
  const planned = planCapacity(target, { goal: configuration.goal, given: { users: 1200 } });
  const english = createPlanReport(planned, { others: [] });
  const report = (locale: string) => ({ ...english, language: planLanguage(locale) });
  const plain = { colors: false, hints: [] };
  const locales = ['de', 'fr-CA', 'zh-CN', 'hi', 'ar-EG'];

  it.each([
    ['text', formatPlanText(report('de'), plain)],
    ['Markdown', formatPlanMarkdown(report('de'))],
  ])('has its numbers in the %s', (_, text) => {
    expect(text).toContain('1.200');
    expect(text).toMatch(/\d,\d+ GiB/);
    expect(text).toMatch(/\d\u00A0%/);
    expect(text).not.toMatch(/\d\.\d+ (GiB|MiB|ms|s)\b|\d %/);
  });

  it.each(locales)('has the same words and names in %s', (locale) => {
    const words = (text: string) => text.match(/[a-z_-]{2,}/gi);
    expect(words(formatPlanText(report(locale), plain))).toEqual(words(formatPlanText(english, plain)));
    expect(words(formatPlanMarkdown(report(locale)))).toEqual(words(formatPlanMarkdown(english)));
  });

  it.each(locales)('is the same JSON in %s', (locale) => {
    expect(formatPlanJson(report(locale))).toBe(formatPlanJson(english));
  });

  it('has the same commands in its runbook', () => {
    const commands = (locale: string) =>
      writeRunbook(target, { plan: planned.plan, locale })
        .split('\n')
        .filter((line) => /^(docker|ps) /.test(line));
    expect(commands('de')).toEqual(commands('en'));
    expect(commands('de').length).toBeGreaterThan(8);
    expect(writeRunbook(target, { plan: planned.plan, locale: 'de' })).toContain('(80\u00A0%)');
  });
});

describe('headroom plan --locale', () => {
  const plan = (...words: string[]) => runCommand(projects, 'plan', ...words);

  it('is English unless another language is named', () => {
    const { out } = plan('case-a/before', '--users', '1200');
    expect(plan('case-a/before', '--users', '1200', '--locale', 'en').out).toBe(out);
    expect(out).toContain('At 1,200 users');
    expect(out).toContain('(80 %)');
  });

  it('takes a tag in any case', () => {
    expect(plan('--users', '1200', '--locale', 'DE-at').out).toMatch(/1[\u00A0.]200/);
  });

  it.each(['locust', 'k6'])('changes nothing in a load test for %s', (tool) => {
    const { code, out } = plan('--think', '1.5s', '--load-test', tool, '--locale', 'de');
    expect(code).toBe(0);
    expect(out).toBe(plan('--think', '1.5s', '--load-test', tool).out);
    expect(out).toContain('(1.5)');
  });

  it.each([
    ['klingon', 'not "klingon"'],
    ['de_DE.UTF-8', 'not "de_DE.UTF-8"; did you mean "de-DE"?'],
    ['', 'not ""'],
    ['1.5', 'not "1.5"'],
  ])('says in one line that there is no %j', (tag, end) => {
    expect(plan('--locale', tag)).toEqual({
      code: 2,
      out: '',
      err: `headroom: --locale takes a language tag, such as de or zh-CN, ${end}\n`,
    });
  });
});
