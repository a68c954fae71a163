import { type Rule, severities } from '../src/rules/rule.ts';

/** package.json with `contributes.configuration` made from the rules and the editor's own settings. */
export function addSettings(
  manifest: string,
  from: { readonly rules: readonly Rule[]; readonly settings: Record<string, unknown> },
): string {
  const parsed: { contributes?: Record<string, unknown> } = JSON.parse(manifest);
  const configuration = {
    title: 'Headroom',
    properties: { ...from.settings, 'headroom.rules': ruleSetting(from.rules) },
  };
  return `${JSON.stringify({ ...parsed, contributes: { ...parsed.contributes, configuration } }, undefined, 2)}\n`;
}

function ruleSetting(rules: readonly Rule[]) {
  return {
    type: 'object',
    scope: 'resource',
    order: 4,
    default: {},
    additionalProperties: false,
    markdownDescription:
      'The highest severity of single rules; `off` silences a rule. `rules` in `headroom.yaml` does the same for everyone.',
    properties: Object.fromEntries(
      rules.map((rule) => [
        rule.id,
        {
          type: 'string',
          enum: ['off', ...severities],
          markdownDescription: `${rule.summary} Default: \`${rule.severity}\`.`,
        },
      ]),
    ),
  };
}
