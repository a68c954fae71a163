import type { Severity } from '../rules/rule.ts';

/** The tool's own findings, which no rule yields; they can be silenced like rules but not switched off by severity. */
export const notices = {
  'configuration-invalid': {
    severity: 'error',
    summary: 'An entry of headroom.yaml cannot be used.',
    why: 'The entry is ignored and everything else in the file applies. Unknown keys are refused so that a spelling mistake does not pass for a setting.',
  },
  'file-not-analysed': {
    severity: 'hint',
    summary: 'A file that matters could not be read.',
    why: 'The file has a syntax error, is too large, or is not UTF-8 text. Nothing is reported about its content until it can be read; findings that rest on other files stay.',
  },
  'unused-ignore': {
    severity: 'information',
    summary: 'A headroom-ignore comment silences nothing.',
    why: 'The finding it was written for is gone, or the rule name is misspelt. Remove the comment, so that it does not hide a later finding.',
  },
} as const satisfies Record<string, { severity: Severity; summary: string; why: string }>;

export type NoticeId = keyof typeof notices;
