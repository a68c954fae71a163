import { type Severity, severities } from '../rules/rule.ts';

/** The user's setting caps the rule's severity; a finding that rests on an assumption then drops one step. */
export function decideSeverity(
  own: Severity,
  work: { readonly cap: Severity | 'off' | undefined; readonly assumed: boolean },
): Severity {
  const capped = work.cap !== undefined && work.cap !== 'off' && rankOf(work.cap) > rankOf(own) ? work.cap : own;
  if (!work.assumed) return capped;
  return severities[Math.min(rankOf(capped) + 1, severities.length - 1)] ?? capped;
}

/** 0 for errors, 3 for hints. */
export function rankOf(severity: Severity): number {
  return severities.indexOf(severity);
}
