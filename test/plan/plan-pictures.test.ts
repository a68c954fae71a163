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

  it('need no second plan, and have no warning that the first one brought', () => {
    for (const section of sections.slice(0, 2)) {
      const texts: Texts = Object.fromEntries(section.files.map(({ path, text }) => [path, text]));
      const after = applyPlan(texts);
      const rows = planOfTexts(after).plan.rows.filter((row) => row.selected);
      expect(rows.map(sayRow), section.title).toEqual([]);
      const before = new Set(warningsOf(texts).map(ruleOf));
      const brought = warningsOf(after).filter(
        (finding) => !before.has(ruleOf(finding)) && !allowed.has(ruleOf(finding)),
      );
      expect(brought, section.title).toEqual([]);
    }
  });
});
