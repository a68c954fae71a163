import { describe, expect, test } from 'vitest';
import { replaceNumber, replaceText } from '../../../src/model/fixes/replace-text.ts';
import { setEnvValue } from '../../../src/model/fixes/set-env-value.ts';
import { known, unknown } from '../../../src/model/value.ts';
import { createSourceText } from '../../../src/text/source-text.ts';
import { fixFileOnce, fixStack, placeOfText, processIn, reason } from './fix-fixture.ts';

/** Replaces the text between « and » of a file. */
function replace(path: string, marked: string, text: string): string {
  const start = marked.indexOf('«');
  const end = marked.indexOf('»') - 1;
  const source = createSourceText(path, marked.replace(/[«»]/g, ''));
  const edits = replaceText({ source, span: { start, end } }, text);
  if ('refused' in edits) return `refused: ${edits.refused}`;
  return fixFileOnce(path, source.text, () => edits);
}

function number(path: string, marked: string, change: { from: number | null; to: number }): string {
  const start = marked.indexOf('«');
  const end = marked.indexOf('»') - 1;
  const source = createSourceText(path, marked.replace(/[«»]/g, ''));
  const edits = replaceNumber(known(change.from, { source, span: { start, end } }), change.to);
  return 'refused' in edits ? `refused: ${edits.refused}` : fixFileOnce(path, source.text, () => edits);
}

describe('a number', () => {
  test.each([
    ['app.py', 'create_engine(URL, pool_size=«5»)  # five', 'create_engine(URL, pool_size=8)  # five'],
    ['app.py', 'size = int(os.getenv("SIZE", «"5"»))', 'size = int(os.getenv("SIZE", "8"))'],
    ['app.py', "size = int(os.getenv('SIZE', '«5»'))", "size = int(os.getenv('SIZE', '8'))"],
    ['compose.yaml', 'environment:\n  WORKERS: «"5"» # five\n', 'environment:\n  WORKERS: "8" # five\n'],
    ['compose.yaml', 'environment:\n  - WORKERS=«5»\n', 'environment:\n  - WORKERS=8\n'],
    ['compose.yaml', 'environment:\n  - WORKERS=${W:-«5»}\n', 'environment:\n  - WORKERS=${W:-8}\n'],
    ['Dockerfile', 'FROM a\nENV A=1 WORKERS=«5» B=2\n', 'FROM a\nENV A=1 WORKERS=8 B=2\n'],
    ['.env', 'WORKERS=«5»   # five\r\n', 'WORKERS=8   # five\r\n'],
    ['my.cnf', '[mysqld]\nmax_connections\t= «5» # five\n', '[mysqld]\nmax_connections\t= 8 # five\n'],
    ['start.sh', 'exec gunicorn -w ${W:-«5»} app:app\n', 'exec gunicorn -w ${W:-8} app:app\n'],
  ])('is replaced in %s: %s', (path, marked, fixed) => {
    expect(number(path, marked, { from: 5, to: 8 })).toBe(fixed);
    expect(number(path, marked, { from: 5, to: 5 })).toBe(marked.replace(/[«»]/g, ''));
  });

  test('may stand for no bound, and keeps its decimals', () => {
    expect(number('app.py', 'f(max_overflow=«-1»)', { from: Number.POSITIVE_INFINITY, to: 10 })).toBe(
      'f(max_overflow=10)',
    );
    expect(number('app.py', 'f(timeout=«None»)', { from: null, to: 10 })).toBe('f(timeout=10)');
    expect(number('.env', 'EXPIRY=«60.0»', { from: 60, to: 30 })).toBe('EXPIRY=30.0');
  });

  test('is refused where another text stands, where nothing is known, and for defaults', () => {
    expect(number('app.py', 'f(size=«2 * 4»)', { from: 8, to: 10 })).toMatch(/not written/);
    expect(number('app.py', 'f(size=«6»)', { from: 5, to: 10 })).toMatch(/not written/);
    const at = placeOfText(createSourceText('app.py', 'f(5)'), '5');
    expect(reason(replaceNumber(unknown('computed', at), 4))).toMatch(/not written/);
    expect(
      reason(replaceNumber(known(5, at, [{ at: { default: 'sqlalchemy.pool_size' }, says: 'default' }]), 4)),
    ).toMatch(/default/);
  });
});

describe('a text', () => {
  test('keeps the quotes around it', () => {
    expect(replace('app.py', "f(worker_class=«'sync'»)", 'gthread')).toBe("f(worker_class='gthread')");
    expect(replace('compose.yaml', 'a: "«10s»"\n', '35s')).toBe('a: "35s"\n');
    expect(replace('compose.yaml', "a: 'x «10s» y'\n", '35s')).toBe("a: 'x 35s y'\n");
    expect(replace('postgresql.conf', "shared_buffers = '«128MB»' # small\n", '512MB')).toBe(
      "shared_buffers = '512MB' # small\n",
    );
  });

  test('may be a name or a whole expression of Python', () => {
    expect(replace('gunicorn.conf.py', '«WORKERS» = 7\n', 'workers')).toBe('workers = 7\n');
    expect(replace('app.py', 'f(«pool_sise»=7)\n', 'pool_size')).toBe('f(pool_size=7)\n');
    expect(replace('gunicorn.conf.py', 'workers = «cpu_count() * 2 + 1»\n', '4')).toBe('workers = 4\n');
  });

  test('changes one word of a folded block', () => {
    const text = 'a: >\n  redis-server\n  --maxmemory «2gb»\n  --appendonly yes\n';
    expect(replace('compose.yaml', text, '1gb')).toBe(text.replace('«2gb»', '1gb'));
    expect(replace('compose.yaml', text, '1 gb')).toMatch(/quotes/);
  });

  test.each([
    ['compose.yaml', 'a: «${LIMIT:-512m}»\n', /variable/],
    ['compose.yaml', 'a: x${LI«MIT}»\n', /variable/],
    ['compose.yaml', 'a: «$LIMIT»\n', /variable/],
    ['compose.yaml', 'a: &x «512m»\nb: *x\n', /anchor x/],
    ['compose.yaml', 'x: &x\n  a: «512m»\nb:\n  <<: *x\n', /anchor x/],
    ['compose.yaml', 'a: &x 512m\nb: «*x»\n', /anchor x|one text/],
    ['compose.yaml', 'a: "tab\\t «512m»"\n', /escapes/],
    ['compose.yaml', 'a: 1 # «512m»\n', /one text/],
    ['app.py', 'f(5) # «5»\n', /one text/],
    ['app.py', 'f(«5, 6»)\n', /one text/],
    ['app.py', 'x = f"{a} «b»"\n', /one text/],
    ['Dockerfile', 'FROM a\n# «5»\nRUN b\n', /one text/],
    ['Dockerfile', 'FROM a\nENV W=«$N»\n', /variable/],
    ['start.sh', 'gunicorn -w «$(nproc)»\n', /variable/],
    ['start.sh', 'gunicorn -w `«nproc»`\n', /variable/],
    ['.env', '# «5»\nA=5\n', /one text/],
    ['.env', 'A=«${B}»\n', /variable/],
  ])('is refused in %s: %s', (path, marked, why) => {
    expect(replace(path, marked, '1g')).toMatch(why);
  });

  test('is refused where it would mean something else', () => {
    expect(replace('compose.yaml', 'a: «x»\n', 'y: z')).toMatch(/quotes/);
    expect(replace('compose.yaml', 'a: «x»\n', 'y # z')).toMatch(/quotes/);
    expect(replace('compose.yaml', 'a: «x»\n', '$y')).toMatch(/variable/);
    expect(replace('.env', 'A=«x»\n', 'y # z')).toMatch(/quotes/);
    expect(replace('start.sh', 'a «x»\n', 'y z')).toMatch(/quotes/);
    expect(replace('app.py', 'f("«x»")\n', 'a"b')).toMatch(/escapes/);
  });
});

describe('an env file', () => {
  const set = (text: string, value = '8') =>
    fixFileOnce('.env', text, (source) => setEnvValue(source, 'WORKERS', value));

  test('takes the value of the line that counts, quotes and comment kept', () => {
    expect(set('WORKERS=1\nexport WORKERS="5" # five\n')).toBe('WORKERS=1\nexport WORKERS="8" # five\n');
    expect(set('WORKERS=\nB=1\n')).toBe('WORKERS=8\nB=1\n');
  });

  test('gets a line at its end', () => {
    expect(set('A=1\r\n')).toBe('A=1\r\nWORKERS=8\r\n');
    expect(set('A=1')).toBe('A=1\nWORKERS=8\n');
    expect(set('')).toBe('WORKERS=8\n');
  });

  test('is left alone where variables make the value', () => {
    expect(reason(setEnvValue(createSourceText('.env', 'WORKERS=$N\n'), 'WORKERS', '8'))).toMatch(/variable/);
    expect(reason(setEnvValue(createSourceText('.env', ''), 'WORKERS', '8 # eight'))).toMatch(/quotes/);
  });
});

test('a process setting is replaced where the stack reads it', () => {
  const texts = {
    'compose.yaml': 'services:\n  web:\n    image: shop\n    env_file: .env\n    command: gunicorn app:app\n',
    '.env': 'WEB_CONCURRENCY=2 # two\n',
  };
  expect(fixStack(texts, (project) => replaceNumber(processIn(project).workers, 4))).toEqual({
    '.env': 'WEB_CONCURRENCY=4 # two\n',
  });
});
