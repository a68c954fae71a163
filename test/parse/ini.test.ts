import { describe, expect, it } from 'vitest';
import { type IniDialect, parseIni } from '../../src/parse/ini.ts';
import { splitShlex } from '../../src/parse/shlex.ts';

const read = (text: string, dialect: IniDialect) =>
  parseIni(text, dialect).map(({ section, name, lines }) => [
    section,
    name,
    lines.map(({ start, end }) => text.slice(start, end)).join('|'),
  ]);

describe('ini files', () => {
  it('go on with indented lines and end at comments, as Python reads them', () => {
    const text =
      '; head\n[program:a]\ncommand = run --x=1 ; why\n    --y\r\n  # not part of it\ndirectory:/app\n[b]\n  name=1\n';
    expect(read(text, 'python')).toEqual([
      ['program:a', 'command', 'run --x=1|--y'],
      ['program:a', 'directory', '/app'],
      ['b', 'name', '1'],
    ]);
  });

  it('hold one setting a line for uWSGI, with whatever stands behind the sign', () => {
    expect(read('[uwsgi]\nhttp = :8000\n  processes=4 ; four\nmaster\nendif =\n', 'plain')).toEqual([
      ['uwsgi', 'http', ':8000'],
      ['uwsgi', 'processes', '4 ; four'],
      ['uwsgi', 'master', ''],
      ['uwsgi', 'endif', ''],
    ]);
  });

  it('split commands as shlex does', () => {
    const words = splitShlex(`sh -c "a \\"b\\" && c" --x='1 2' a\\ b ; '' "open`).map(({ text }) => text);
    expect(words).toEqual(['sh', '-c', 'a "b" && c', '--x=1 2', 'a b', ';', '', 'open']);
  });
});
