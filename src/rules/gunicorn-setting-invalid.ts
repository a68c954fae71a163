import { replaceText } from '../model/fixes/replace-text.ts';
import { setEnvValue } from '../model/fixes/set-env-value.ts';
import type { Refusal } from '../model/stack.ts';
import { sizeWorkers } from '../plan/worker-sizing.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'gunicorn-setting-invalid',
  on: 'process',
  severity: 'error',
  summary: 'Gunicorn refuses a setting, so the container ends as soon as it starts.',
  why: `Gunicorn reads its settings before it starts a worker and stops at the first one it cannot take.

An empty \`WEB_CONCURRENCY\` is the usual one: \`WEB_CONCURRENCY: \${WEB_CONCURRENCY}\` in a compose file becomes an empty text where nothing sets it, and Gunicorn fails with "invalid literal for int() with base 10: ''", even when the command line or the configuration file sets the workers. Others are numbers that are none, and options that look right: \`--keepalive\` is called \`--keep-alive\`.

Shortened long options (\`--conf\`) are fine: argparse takes any unambiguous beginning.`,
  references: ['gunicorn/config.py (20 to 26): WEB_CONCURRENCY, option names, validators'],
  messages: {
    empty: 'Gunicorn cannot start: {setting} is empty where a number is needed. Remove it or give it a number.',
    number: 'Gunicorn cannot start: the value of {setting} is not a number.',
    option: 'Gunicorn cannot start: there is no option {setting}. It is called {proper}.',
    fraction: 'Gunicorn cannot start: {setting} must be a whole number.',
    none: 'Gunicorn cannot start: {setting} is None where a number is needed. Give it a number or a default.',
    boolean: 'Gunicorn cannot start: {setting} must be True or False.',
    valueless: 'Gunicorn cannot start: {setting} has no value.',
    unneeded: 'Gunicorn cannot start: {setting} is a switch and takes no value.',
    quote: 'Gunicorn cannot start: a quote in {setting} is never closed.',
    unknown: 'Gunicorn cannot start: there is no option {setting} in the version that is installed.',
    negative: 'Gunicorn cannot start: {setting} must not be negative.',
    ambiguous: 'Gunicorn cannot start: {setting} is the beginning of several options. Write it in full.',
    class: 'Gunicorn cannot start: it has no worker class {setting}.',
    removed: 'Gunicorn cannot start: version 26 dropped the worker class {setting}. Use gevent or gthread.',
    rename: 'Write {proper}',
    workers: 'Set {setting} to {workers}',
  },
  *check({ process, service }, { goal }) {
    if (process.server !== 'gunicorn') return;
    for (const refusal of process.refusals) {
      yield {
        at: refusal.at,
        subject: service.name,
        message: { says: sentenceFor(refusal), with: { setting: refusal.setting, proper: refusal.replacement ?? '' } },
        trail: [{ at: refusal.at, says: refusal.setting }, ...refusal.trail],
        fixes: () => fixesFor(refusal, sizeWorkers(service, goal).workers),
      };
    }
  },
});

function fixesFor(refusal: Refusal, workers: number) {
  const { at, replacement, setting } = refusal;
  if (replacement !== undefined) {
    const edits = replaceText(
      { source: at.source, span: { start: at.span.start, end: at.span.start + setting.length } },
      replacement,
    );
    return [{ title: { says: 'rename' as const, with: { proper: replacement } }, safety: 'safe' as const, edits }];
  }
  if (setting !== 'WEB_CONCURRENCY' && setting !== 'workers') return [];
  const isEmpty = at.span.start === at.span.end && /(^|\/)[^/]*\.?env[^/]*$/.test(at.source.path);
  const edits = isEmpty ? setEnvValue(at.source, setting, String(workers)) : replaceText(at, String(workers));
  return [{ title: { says: 'workers' as const, with: { setting, workers } }, safety: 'review' as const, edits }];
}

function sentenceFor({ kind, replacement }: Refusal) {
  if (kind === 'unknown-option') return replacement === undefined ? 'unknown' : 'option';
  return sentences[kind];
}

const sentences = {
  empty: 'empty',
  'not-a-number': 'number',
  fraction: 'fraction',
  none: 'none',
  'not-a-boolean': 'boolean',
  'missing-value': 'valueless',
  'unneeded-value': 'unneeded',
  'open-quote': 'quote',
  'out-of-range': 'negative',
  'ambiguous-option': 'ambiguous',
  'unknown-class': 'class',
  'removed-class': 'removed',
} as const;
