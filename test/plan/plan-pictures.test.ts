import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseFixture } from '../harness/fixture.ts';
import { applyPlan, planOfTexts, sayRow, type Texts, warningsOf } from './planned-texts.ts';

const folder = new URL('../rules/', import.meta.url);

/** What a plan cannot mend, or brings about by doing what it must. */
const allowed = new Set([
  // More workers than one each keep a cache of their own.
  'django-cache-per-process',
  // Pools of a class without a size.
  'pool-undersized',
]);

const ruleOf = (finding: string) => finding.replace(/:.*/s, '');

describe.each(readdirSync(folder).sort())('the pictures of %s', (file) => {
  const { sections } = parseFixture(readFileSync(new URL(file, folder), 'utf8'));

  it('need no second plan, have what it predicted, and no warning that it brought', () => {
    for (const section of sections.slice(0, 2)) {
      const texts: Texts = Object.fromEntries(section.files.map(({ path, text }) => [path, text]));
      const after = applyPlan(texts);
      const { plan } = planOfTexts(texts);
      const second = planOfTexts(after).plan;
      const rows = second.rows.filter((row) => row.selected);
      expect(rows.map(sayRow), section.title).toEqual([]);
      if (plan.today && plan.rows.every((row) => row.selected))
        expect({ ...second.today, fixed: undefined }, section.title).toEqual({
          ...plan.today,
          ...plan.planned,
          fixed: undefined,
        });
      const before = new Set(warningsOf(texts).map(ruleOf));
      const brought = warningsOf(after).filter(
        (finding) => !before.has(ruleOf(finding)) && !allowed.has(ruleOf(finding)),
      );
      expect(brought, section.title).toEqual([]);
    }
  });
});
