import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSettings, type SettingsDialect } from '../../src/parse/settings-file.ts';
import { expectSpansInside } from './spans.ts';

const dialects: readonly SettingsDialect[] = ['mysql', 'postgresql', 'redis', 'pgbouncer'];

describe('a setting', () => {
  it.each([
    ['mysql', '[mysqld]\r\n max_connections = "151" # c\r\n', 'max_connections', '151'],
    ['postgresql', "max_connections '20' # c", 'max_connections', '20'],
    ['redis', 'maxmemory "1gb"\r\n', 'maxmemory', '1gb'],
    ['pgbouncer', '[databases]\n"my shop" = host=db pool_size=5\n', 'my shop', 'host=db pool_size=5'],
    ['pgbouncer', '[databases]\n* = host=db\n', '*', 'host=db'],
  ] as const)('of %s stands where its spans say: %j', (dialect, text, name, value) => {
    const [entry] = parseSettings(text, dialect);
    if (entry?.kind !== 'setting') return expect.fail('no setting');
    expect(entry).toMatchObject({ name, value });
    expect(text.slice(entry.nameSpan.start, entry.nameSpan.end)).toBe(name);
    expect(text.slice(entry.valueSpan.start, entry.valueSpan.end)).toBe(value);
  });
});

describe('any file', () => {
  it('gives spans in the text, and names that stand there', () => {
    const pieces = [
      '[mysqld]',
      '[',
      '!include ',
      '%include ',
      'include ',
      'name',
      '"q n"',
      ' = ',
      ' ',
      "'x'",
      '# c',
      ';',
    ];
    const piece = fc.constantFrom(...pieces, '\n', '\n', '\r\n', '\\', '"', '\u2028', '*', '\uD800');
    const text = fc.array(piece, { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.constantFrom(...dialects), (written, dialect) => {
        const entries = parseSettings(written, dialect);
        expectSpansInside(entries, written);
        for (const entry of entries) {
          if (entry.kind === 'setting')
            expect(written.slice(entry.nameSpan.start, entry.nameSpan.end)).toBe(entry.name);
        }
      }),
      { numRuns: 400 },
    );
  });
});
