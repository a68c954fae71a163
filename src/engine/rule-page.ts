import type { Rule } from '../rules/rule.ts';
import { type NoticeId, notices } from './notices.ts';

/** What there is to say about a rule, as Markdown, for the command line and the documentation. */
export interface RulePage {
  readonly id: string;
  readonly summary: string;
  readonly sections: readonly { readonly heading: string; readonly text: string }[];
}

/** The page of a rule or of one of the engine's notices; undefined for an id that is neither. */
export function rulePage(id: string, rules: readonly Rule[]): RulePage | undefined {
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule) return pageOf(rule);
  const notice = Object.hasOwn(notices, id) ? notices[id as NoticeId] : undefined;
  if (!notice) return undefined;
  return {
    id,
    summary: notice.summary,
    sections: [
      { heading: 'Why', text: notice.why },
      { heading: 'Severity', text: `\`${notice.severity}\`` },
    ],
  };
}

function pageOf(rule: Rule): RulePage {
  const options = Object.entries(rule.options ?? {});
  return {
    id: rule.id,
    summary: rule.summary,
    sections: [
      { heading: 'Why', text: rule.why },
      { heading: 'Severity', text: severityText(rule) },
      ...(options.length > 0
        ? [
            {
              heading: 'Options',
              text: options
                .map(([name, option]) => `- \`${name}\` (default \`${option.default}\`): ${option.description}`)
                .join('\n'),
            },
          ]
        : []),
      ...(rule.noFix ? [{ heading: 'Why there is no fix', text: rule.noFix }] : []),
      { heading: 'How to silence it', text: silenceText(rule) },
      ...(rule.references.length > 0
        ? [{ heading: 'References', text: rule.references.map((reference) => `- ${reference}`).join('\n') }]
        : []),
    ],
  };
}

function severityText(rule: Rule): string {
  const cases = Object.entries(rule.severities ?? {}).map(([name, severity]) => `- \`${name}\`: \`${severity}\``);
  const production = rule.production ? ' Only where the files show a production set-up.' : '';
  return [`\`${rule.severity}\`${cases.length > 0 ? ', except:' : '.'}${production}`, ...cases].join('\n');
}

function silenceText(rule: Rule): string {
  return [
    'One place, by a comment on the line above (in YAML and Python also at the end of the line):',
    '',
    `    # headroom-ignore ${rule.id} -- why it is fine here`,
    '',
    `One file: \`# headroom-ignore-file ${rule.id} -- why\`. Everywhere, or at most at a lower severity, in \`headroom.yaml\`:`,
    '',
    '    rules:',
    `      ${rule.id}: off`,
  ].join('\n');
}
