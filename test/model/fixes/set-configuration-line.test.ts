import { describe, expect, test } from 'vitest';
import {
  type ConfigurationStyle,
  setConfigurationLine,
  setConfigurationLines,
} from '../../../src/model/fixes/set-configuration-line.ts';
import { createSourceText } from '../../../src/text/source-text.ts';
import { fixFile, reason } from './fix-fixture.ts';

const mysql = (text: string, name = 'max_connections', value = '300') =>
  fixFile('my.cnf', text, (source) => setConfigurationLine(source, 'equals', { section: 'mysqld', name, value }));
const plain = (path: string, style: ConfigurationStyle, text: string) =>
  fixFile(path, text, (source) =>
    setConfigurationLine(source, style, { section: '', name: 'maxmemory', value: '512mb' }),
  );

describe('my.cnf', () => {
  test('has the line of its section replaced, comment and alignment kept', () => {
    expect(mysql('[mysqld]\nmax-connections      = 100 # few\n[client]\nmax_connections = 1\n')).toBe(
      '[mysqld]\nmax-connections      = 300 # few\n[client]\nmax_connections = 1\n',
    );
  });

  test('gets the line behind the last one of its section', () => {
    expect(mysql('[mysqld]\n# ours\na = 1\n\n[client]\nb = 2\n')).toBe(
      '[mysqld]\n# ours\na = 1\nmax_connections = 300\n\n[client]\nb = 2\n',
    );
    expect(mysql('[mysqld]\na=1')).toBe('[mysqld]\na=1\nmax_connections=300');
    expect(mysql('[client]\nb = 2\n[mysqld]\n')).toBe('[client]\nb = 2\n[mysqld]\nmax_connections = 300\n');
  });

  test('gets the section when it lacks it', () => {
    expect(mysql('[client]\nb = 2\n')).toBe('[client]\nb = 2\n\n[mysqld]\nmax_connections = 300\n');
    expect(mysql('')).toBe('[mysqld]\nmax_connections = 300\n');
  });

  test('takes several lines at once', () => {
    const fixed = fixFile('my.cnf', '[mysqld]\na = 1\n', (source) =>
      setConfigurationLines(source, 'equals', [
        { section: 'mysqld', name: 'slow_query_log', value: '1' },
        { section: 'mysqld', name: 'long_query_time', value: '2' },
      ]),
    );
    expect(fixed).toBe('[mysqld]\na = 1\nslow_query_log = 1\nlong_query_time = 2\n');
  });

  test('is left alone where a line has no value', () => {
    const source = createSourceText('my.cnf', '[mysqld]\nslow_query_log\n');
    expect(
      reason(setConfigurationLine(source, 'equals', { section: 'mysqld', name: 'slow_query_log', value: '1' })),
    ).toMatch(/without a value/);
  });
});

test('redis.conf, postgresql.conf and gunicorn.conf.py keep their ways', () => {
  expect(plain('redis.conf', 'blank', '# memory\nmaxmemory 1gb\nappendonly yes\n')).toBe(
    '# memory\nmaxmemory 512mb\nappendonly yes\n',
  );
  expect(plain('redis.conf', 'blank', 'appendonly yes\n# end\n')).toBe('appendonly yes\nmaxmemory 512mb\n# end\n');
  const postgres = fixFile('postgresql.conf', "shared_buffers = '128MB' # small\n", (source) =>
    setConfigurationLine(source, 'equals', { section: '', name: 'shared_buffers', value: "'512MB'" }),
  );
  expect(postgres).toBe("shared_buffers = '512MB' # small\n");
  const gunicorn = fixFile('gunicorn.conf.py', 'bind = ":80"\nworkers = 1  # one\n', (source) =>
    setConfigurationLines(source, 'python', [
      { section: '', name: 'workers', value: '4' },
      { section: '', name: 'threads', value: '2' },
    ]),
  );
  expect(gunicorn).toBe('bind = ":80"\nworkers = 4  # one\nthreads = 2\n');
});
