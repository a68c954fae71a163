import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Edits } from '../../../src/model/fix.ts';
import { setServiceLimits } from '../../../src/model/fixes/service-limits.ts';
import { setCallKeywords } from '../../../src/model/fixes/set-call-keyword.ts';
import { setCommandOptions } from '../../../src/model/fixes/set-command-option.ts';
import type { Project } from '../../../src/model/stack.ts';
import { parsePython } from '../../../src/parse/python.ts';
import { findCalls } from '../../../src/parse/python-walk.ts';
import { parseYaml } from '../../../src/parse/yaml.ts';
import { createSourceText } from '../../../src/text/source-text.ts';
import { applyEdits, textAt } from '../../../src/text/span.ts';
import { processIn, projectOf, serviceIn, type Texts } from './fix-fixture.ts';

const runs = { numRuns: 120 };

function apply(texts: Texts, edits: Edits): Texts {
  if ('refused' in edits) return texts;
  const changed: Record<string, string> = { ...texts };
  for (const { source } of edits.edits) {
    const own = edits.edits.filter((edit) => edit.source === source);
    changed[source.path] = applyEdits(source, own);
  }
  return changed;
}

/** What was there is there still, in order: an edit that only adds takes nothing away. */
function keepsCharacters(before: string, after: string): boolean {
  let at = 0;
  for (const character of after) if (character === before[at]) at += 1;
  return at === before.length;
}

const comment = fc.constantFrom('', ' # note', '  # it\'s "quoted": [x]');
const eol = fc.constantFrom('\n', '\r\n');
const step = fc.constantFrom('  ', '    ');

const serviceLines = fc
  .subarray(
    [
      { key: 'restart', flow: 'always', block: ['restart: always'] },
      { key: 'ports', flow: '["80:80"]', block: ['ports:', '+- "80:80"', '+# - "81:81"'] },
      { key: 'environment', flow: '{A: 1}', block: ['environment:', '+A: 1', '', '+B: "2"'] },
      { key: 'deploy', flow: '{replicas: 2}', block: ['deploy:', '+replicas: 2'] },
      {
        key: 'deploy',
        flow: '{resources: {limits: {cpus: "1"}}}',
        block: ['deploy:', '+resources:', '++limits:', "+++cpus: '1'"],
      },
      { key: 'labels', flow: '[a]', block: ['labels:', '- a', '- b'] },
      {
        key: 'healthcheck',
        flow: '{test: x}',
        block: ['healthcheck:', '+test: >', '++curl', '++  -f', '+interval: 5s'],
      },
    ],
    { minLength: 0 },
  )
  .filter((parts) => parts.filter((part) => part.key === 'deploy').length < 2);

test('limits are read back as they were written, and nothing else changes', () => {
  fc.assert(
    fc.property(serviceLines, fc.boolean(), comment, eol, step, fc.boolean(), (parts, flow, note, end, indent, cut) => {
      const one = `web: {image: shop${parts.map((part) => `, ${part.key}: ${part.flow}`).join('')}}${note}`;
      const lines = ['image: shop', ...parts.flatMap((part) => part.block)].map((line) => {
        const depth = /^\+*/.exec(line)?.[0].length ?? 0;
        return line === ''
          ? ''
          : `${indent.repeat(depth + 2)}${line.slice(depth)}${/[>]$/.test(line) ? '' : depth < 2 ? note : ''}`;
      });
      const web = flow ? [`${indent}${one}`] : [`${indent}web:${note}`, ...lines];
      const text = [
        'services:',
        ...web,
        '',
        `${indent}# the database`,
        `${indent}db:`,
        `${indent.repeat(2)}image: postgres`,
      ].join(end);
      const texts = { 'compose.yaml': cut ? text : text + end };
      const build = (project: Project) => setServiceLimits(serviceIn(project), { memory: '512M', cpus: '2' });
      const before = projectOf(texts);
      const edits = build(before);
      const fixed = apply(texts, edits);
      expect('refused' in edits ? edits.refused : '').toBe('');
      const after = projectOf(fixed);
      expect(parseYaml(fixed['compose.yaml'] ?? '').errors).toEqual([]);
      const limits = serviceIn(after).limits;
      expect(limits.memoryBytes.known && limits.memoryBytes.value).toBe(512 * 1024 ** 2);
      expect(limits.cpus.known && limits.cpus.value).toBe(2);
      expect(
        serviceIn(after, 'db').limits.memoryBytes.known && serviceIn(after, 'db').limits.memoryBytes,
      ).toHaveProperty('value', null);
      expect([...serviceIn(after).environment.variables.keys()]).toEqual([
        ...serviceIn(before).environment.variables.keys(),
      ]);
      const added = texts['compose.yaml'].includes('cpus')
        ? texts['compose.yaml'].replace(/cpus: (['"])1/, 'cpus: $12')
        : texts['compose.yaml'];
      expect(keepsCharacters(added, fixed['compose.yaml'] ?? '')).toBe(true);
      expect((fixed['compose.yaml'] ?? '').replaceAll('\r\n', '').includes('\r')).toBe(false);
      expect(build(after)).toEqual({ edits: [] });
    }),
    runs,
  );
});

const argumentLists = fc.uniqueArray(
  fc.constantFrom('--bind 0.0.0.0:80', '-t 30', '--preload', '--workers 2', '-w3', '--threads=2', '-k gthread'),
  {
    maxLength: 4,
  },
);
const renderings = fc.constantFrom<(words: readonly string[], note: string) => Record<string, readonly string[]>>(
  (words, note) => ({ compose: [`    command: ${words.join(' ')}${note}`] }),
  (words, note) => ({ compose: [`    command: "${words.join(' ')}"${note}`] }),
  (words, note) => ({ compose: [`    command: [${words.map((word) => `"${word}"`).join(', ')}]${note}`] }),
  (words, note) => ({ compose: ['    command:', ...words.map((word) => `      - "${word}"${note}`)] }),
  (words, note) => ({ compose: ['    command: [', ...words.map((word) => `      '${word}',${note}`), '    ]'] }),
  (words, note) => ({ compose: [`    command: sh -c 'exec ${words.join(' ')}'${note}`] }),
  (words) => ({ compose: ['    command: |', ...words.map((word) => `      ${word}`)] }),
  (words) => ({ docker: [`CMD [${words.map((word) => `"${word}"`).join(', ')}]`] }),
  (words) => ({ docker: [`CMD exec ${words.join(' \\\n    ')}`] }),
  (words) => ({ docker: [`CMD ["sh", "-c", "exec ${words.join(' ')}"]`] }),
);

test('options are read back from the command, and its other words stay', () => {
  fc.assert(
    fc.property(argumentLists, renderings, comment, eol, (options, render, note, end) => {
      const words = ['gunicorn', ...options.flatMap((option) => option.split(' ')), 'app:app'];
      const { compose = [], docker = [] } = render(words, note);
      const texts = {
        'compose.yaml': ['services:', '  web:', '    build: .', ...compose, '    restart: always', ''].join(end),
        Dockerfile: ['FROM python:3.12-slim', ...docker.flatMap((line) => line.split('\n')), ''].join(end),
      };
      const wanted = [
        { flag: '--workers', aliases: ['-w'], value: '4' },
        { flag: '--timeout', aliases: ['-t'], value: '60' },
      ];
      const build = (project: Project) => setCommandOptions(processIn(project).command, wanted);
      const edits = build(projectOf(texts));
      expect('refused' in edits ? edits.refused : '').toBe('');
      const process = processIn(projectOf(apply(texts, edits)));
      expect(process.workers).toHaveProperty('value', 4);
      expect(process.timeoutSeconds).toHaveProperty('value', 60);
      const others = (list: readonly string[]) =>
        list.filter((word) => !/^(-w|-t|--workers|--timeout|\d+$)/.test(word));
      expect(others(process.command.words.map((word) => word.text))).toEqual(others(words));
      expect(build(projectOf(apply(texts, edits)))).toEqual({ edits: [] });
    }),
    runs,
  );
});

const callArguments = fc.uniqueArray(fc.constantFrom('echo=True', 'pool_size=5', 'a=f(1, 2)', 'b={"x": 1}', 'c="#,"'), {
  maxLength: 4,
});

test('keywords are read back from the call, and its other arguments stay', () => {
  fc.assert(
    fc.property(
      callArguments,
      fc.constantFrom('one', 'each', 'hanging'),
      fc.boolean(),
      comment,
      eol,
      (given, style, comma, note, end) => {
        const list = ['URL', ...given];
        const last = comma ? ',' : '';
        const inside =
          style === 'one'
            ? `${list.join(', ')}${last}`
            : style === 'each'
              ? `${end}${list.map((one, index) => `    ${one}${index < list.length - 1 ? ',' : last}${note}${end}`).join('')}`
              : list.join(`,${note}${end}           `);
        const source = createSourceText('app.py', `e = create(${inside})${note}${end}x = 1${end}`);
        const build = (text: ReturnType<typeof createSourceText>) => {
          const call = findCalls(parsePython(text.text), () => true)[0]?.call;
          const at = { source: text, span: call?.span ?? { start: 0, end: 0 } };
          return setCallKeywords(at, [
            { name: 'pool_size', text: '8' },
            { name: 'pool_pre_ping', text: 'True' },
          ]);
        };
        const edits = build(source);
        expect('refused' in edits ? edits.refused : '').toBe('');
        const after = createSourceText('app.py', 'edits' in edits ? applyEdits(source, edits.edits) : '');
        expect(parsePython(after.text).errors).toEqual([]);
        const call = findCalls(parsePython(after.text), () => true)[0]?.call;
        const texts = call?.arguments.map((argument) => textAt({ source: after, span: argument.span })) ?? [];
        const expected = list.map((one) => one.replace('pool_size=5', 'pool_size=8'));
        expect(texts.slice().sort()).toEqual(
          [...expected, ...(given.includes('pool_size=5') ? [] : ['pool_size=8']), 'pool_pre_ping=True'].sort(),
        );
        expect(keepsCharacters(source.text.replace('pool_size=5', 'pool_size=8'), after.text)).toBe(true);
        expect(after.text.replaceAll('\r\n', '').includes('\r')).toBe(false);
        expect(build(after)).toEqual({ edits: [] });
      },
    ),
    runs,
  );
});
