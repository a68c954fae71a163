import type { Project } from '../model/stack.ts';
import type { Rule, RuleFinding, Severity } from '../rules/rule.ts';
import type { Hop } from '../text/trail.ts';
import type { Finding, FindingFix } from './finding.ts';
import { fingerprintOf } from './fingerprint.ts';
import { fillTemplate } from './sentence.ts';
import { decideSeverity } from './severity.ts';

/** Decides everything a host shows of a rule's finding; its fixes are built when they are first asked for. */
export function completeFinding(
  finding: RuleFinding<string, string>,
  from: {
    rule: Rule;
    project: Project;
    cap: Severity | 'off' | undefined;
    /** Takes the rule's name when building its fixes crashes. */
    failures: { rule: string; error: string }[];
  },
): Finding {
  const { rule, project } = from;
  const assumed = finding.trail.some((hop) => hop.assumed === true);
  const own = (finding.case !== undefined && rule.severities?.[finding.case]) || rule.severity;
  let built: readonly FindingFix[] | undefined;
  return {
    rule: rule.id,
    severity: decideSeverity(own, { cap: from.cap, assumed }),
    project: project.name,
    subject: finding.subject,
    fingerprint: fingerprintOf({
      rule: rule.id,
      path: finding.at.source.path,
      subject: finding.subject,
      evidence: evidenceOf(finding),
    }),
    at: finding.at,
    message: finding.message,
    text: withAssumption(
      fillTemplate(rule.messages[finding.message.says] ?? finding.message.says, finding.message.with),
      finding,
      assumed,
    ),
    assumed,
    trail: withoutRepeats(finding.trail),
    get fixes() {
      built ??= buildFixes(finding, from);
      return built;
    },
    suppressed: undefined,
  };
}

function withAssumption(text: string, finding: RuleFinding<string, string>, assumed: boolean): string {
  const hop = assumed ? finding.trail.find((candidate) => candidate.assumed === true) : undefined;
  return hop ? `${text} (Assumed: ${hop.says}.)` : text;
}

/** What the finding rests on, without lines or wording: the case and the settings' names in its trail's files. */
function evidenceOf(finding: RuleFinding<string, string>): string {
  return [
    finding.case ?? '',
    finding.message.says,
    ...finding.trail.map((hop) => ('default' in hop.at ? hop.at.default : hop.at.source.path)),
  ].join('|');
}

function buildFixes(
  finding: RuleFinding<string, string>,
  from: { rule: Rule; failures: { rule: string; error: string }[] },
): readonly FindingFix[] {
  const { rule, failures } = from;
  try {
    return finding.fixes().map((fix) => ({
      title: fillTemplate(rule.messages[fix.title.says] ?? fix.title.says, fix.title.with),
      message: fix.title,
      safety: fix.safety,
      edits: 'edits' in fix.edits ? fix.edits.edits : [],
      refused: 'refused' in fix.edits ? fix.edits.refused : undefined,
    }));
  } catch (error) {
    failures.push({ rule: rule.id, error: error instanceof Error ? error.name : 'unknown error' });
    return [];
  }
}

function withoutRepeats(trail: readonly Hop[]): readonly Hop[] {
  const seen = new Set<string>();
  return trail.filter((hop) => {
    const place = 'default' in hop.at ? hop.at.default : `${hop.at.source.path}:${hop.at.span.start}`;
    const key = `${place} ${hop.says}`;
    return !seen.has(key) && seen.add(key);
  });
}
