import { describe, expect, it } from 'vitest';
import reservationExceedsLimit from '../../src/rules/reservation-exceeds-limit.ts';
import { checkSection } from './check-section.ts';
import { parseFixture } from './fixture.ts';

const fence = '```';
const sample = `# some-rule

About it.

## Bad

Prose.

${fence}yaml compose.yaml
services:
  web: {}
  ^^^ warning: Something ...
  ^^^ 1: here
${fence}

${fence}ini .env
A=1
  ^ 1.2
${fence}

${fence}sh
echo no path, so this is prose
${fence}

${fence}yaml crlf fixed="Set it" compose.yaml
services: {}
${fence}

${fence}yaml fixed 2.3 compose.yaml
${fence}
`;

describe('reading', () => {
  const fixture = parseFixture(sample);
  const section = fixture.sections[0];

  it('splits titles, prose and files', () => {
    expect(fixture).toMatchObject({ id: 'some-rule', prose: 'About it.' });
    expect(section?.title).toBe('Bad');
    expect(section?.prose).toContain('so this is prose');
    expect(section?.files).toEqual([
      { path: 'compose.yaml', language: 'yaml', text: 'services:\n  web: {}\n' },
      { path: '.env', language: 'ini', text: 'A=1\n' },
    ]);
  });

  it('takes caret lines out and keeps what they mark', () => {
    const mark = { path: 'compose.yaml', line: 1, column: 2, length: 3 };
    expect(section?.findings).toEqual([{ mark, severity: 'warning', message: 'Something ...' }]);
    expect(section?.hops).toEqual([
      { mark, finding: 1, hop: 1, says: 'here' },
      { mark: { path: '.env', line: 0, column: 2, length: 1 }, finding: 1, hop: 2, says: undefined },
    ]);
  });

  it('keeps fixed files with the fix they belong to', () => {
    expect(section?.fixed).toEqual([
      { path: 'compose.yaml', language: 'yaml', text: 'services: {}\r\n', fix: { title: 'Set it' } },
      { path: 'compose.yaml', language: 'yaml', text: '', fix: { finding: 2, fix: 3 } },
    ]);
  });

  it.each([
    [`# r\n## s\n${fence}yaml a.yaml\n`, 'line 3: this fence is never closed'],
    [`# r\n## s\n${fence}yaml a.yaml\nx\n^ bad: m\n${fence}`, 'line 5: after the carets'],
    [`# r\n## s\n${fence}yaml a.yaml\n^ 1\n${fence}`, 'line 4: carets stand under'],
    [`# r\n${fence}yaml a.yaml\nx\n${fence}`, 'line 2: a file stands before'],
    ['no title', 'needs a title'],
  ])('says where %j is wrong', (text, message) => {
    expect(() => parseFixture(text)).toThrow(message);
  });
});

describe('checking', () => {
  const rules = [reservationExceedsLimit];
  const check = (body: string) => {
    const section = parseFixture(`# reservation-exceeds-limit\n## Case\n${body}`).sections[0];
    if (!section) throw new Error('no section');
    return checkSection(section, { rule: reservationExceedsLimit, rules });
  };
  const file = (carets: string) =>
    `${fence}yaml compose.yaml\nservices:\n  web:\n    image: x\n    mem_limit: 1m\n    mem_reservation: 2m\n${carets}${fence}\n`;
  const good = '                     ^^ error: web reserves 2 MiB ...\n';

  it('accepts a true picture', () => {
    expect(check(file(good))).toEqual([]);
  });

  it('shows an unexpected finding as it would be written', () => {
    const [problem] = check(file(''));
    expect(problem).toContain('unexpected: compose.yaml:5:22 (2 wide)');
    expect(problem).toContain('\n                     ^^ error: web reserves 2 MiB of memory');
  });

  it('tells a wrong place, severity and message', () => {
    expect(check(file(good.replace(' ^^', '^^ ')))[0]).toContain('missing:');
    expect(check(file(good.replace('error', 'warning')))[0]).toContain('missing:');
    expect(check(file(good.replace('2 MiB', '3 MiB')))[0]).toContain('missing:');
  });

  it('tells a wrong hop', () => {
    expect(check(`${file(`${good}                     ^^ 2: limit\n`)}`)[0]).toContain(
      'the hop stands at compose.yaml:4:16',
    );
    expect(check(`${file(`${good}                     ^^ 1: other\n`)}`)[0]).toContain('the hop says "2 MiB reserved"');
    expect(check(`${file(`${good}                     ^^ 9\n`)}`)[0]).toContain('the trail has 2 hops');
  });

  it('tells a fixed text that is not what the fix gives', () => {
    const fixed = `${fence}yaml fixed compose.yaml\nservices: {}\n${fence}\n`;
    expect(check(file(good) + fixed)[0]).toContain('gives another compose.yaml');
    expect(check(file(good) + fixed.replace('fixed', 'fixed="Nope"'))[0]).toContain('there is no fix');
  });

  it('tells a fix that does not help', () => {
    const useless = {
      ...reservationExceedsLimit,
      *check(subject: Parameters<typeof reservationExceedsLimit.check>[0]) {
        for (const finding of reservationExceedsLimit.check(subject, {} as never)) {
          const at = { source: finding.at.source, span: { start: 0, end: 0 } };
          const edits = { edits: [{ ...at, newText: '# a comment\n' }] };
          const [fix] = finding.fixes();
          yield { ...finding, fixes: () => (fix ? [{ ...fix, edits }] : []) };
        }
      },
    };
    const section = parseFixture(`# r\n## c\n${file(good)}`).sections[0];
    if (!section) throw new Error('no section');
    expect(checkSection(section, { rule: useless, rules: [useless] })[0]).toContain('leaves the finding');
  });
});
