import { describe, expect, test } from 'vitest';
import type { SessionUse } from '../../../src/model/code-facts.ts';
import { type WrapOptions, wrapSession } from '../../../src/model/fixes/wrap-session.ts';
import { createSourceText, type SourceText } from '../../../src/text/source-text.ts';
import { fixFileOnce, placeOfText } from './fix-fixture.ts';

function useIn(source: SourceText, opening: string): SessionUse {
  const closes = source.text.includes('db.close()');
  return {
    at: placeOfText(source, opening),
    variable: 'db',
    functionName: 'view',
    closed: closes ? 'success-path-only' : 'never',
    closeAt: closes ? placeOfText(source, 'db.close()') : undefined,
    body: undefined,
    returnsBetween: false,
    factory: opening.replace('()', ''),
  };
}

function wrap(text: string, options: WrapOptions & { opening?: string } = {}): string {
  const { opening = 'SessionLocal()', ...rest } = options;
  const build = (source: SourceText) => wrapSession(useIn(source, opening), rest);
  const edits = build(createSourceText('app.py', text));
  if ('refused' in edits) return `refused: ${edits.refused}`;
  const fixed = fixFileOnce('app.py', text, build);
  if (fixed.includes(opening)) expect('refused' in build(createSourceText('app.py', fixed))).toBe(true);
  expect(fixFileOnce('app.py', text.replaceAll('\n', '\r\n'), build)).toBe(fixed.replaceAll('\n', '\r\n'));
  return fixed;
}

describe('with', () => {
  test('takes the statements between opening and closing, comments and blank lines kept', () => {
    const text = `@app.get("/notes")
def view(note):
    db = SessionLocal()  # ours

    # first
    row = Note(note.text)
    db.add(row)
    if note.urgent:
        db.flush()  # now
    db.commit()
    db.close()
    # done
    return {"ok": True}


def other():
    pass
`;
    expect(wrap(text)).toBe(`@app.get("/notes")
def view(note):
    with SessionLocal() as db:  # ours

        # first
        row = Note(note.text)
        db.add(row)
        if note.urgent:
            db.flush()  # now
        db.commit()
    # done
    return {"ok": True}


def other():
    pass
`);
  });

  test('leaves the lines of strings where they are', () => {
    const text = `def view():
\tdb = SessionLocal()
\trows = db.execute("""
select 1 -- it's one
  """).all()
\tdb.close()  # bye
\treturn rows
`;
    expect(wrap(text)).toBe(`def view():
\twith SessionLocal() as db:
\t\trows = db.execute("""
select 1 -- it's one
  """).all()
\t# bye
\treturn rows
`);
  });

  test('ends behind the last use when nothing closes', () => {
    expect(
      wrap(
        'def view():\n    db = SessionLocal()\n    rows = db.query(A).all()\n    total = len(rows)\n    return total\n',
      ),
    ).toBe(
      'def view():\n    with SessionLocal() as db:\n        rows = db.query(A).all()\n    total = len(rows)\n    return total\n',
    );
    expect(wrap('def view():\n  db = SessionLocal()\n  return db.query(A).all()')).toBe(
      'def view():\n  with SessionLocal() as db:\n    return db.query(A).all()',
    );
  });

  test('may use another context manager', () => {
    expect(
      wrap('def view():\n    db = SessionLocal()\n    db.add(1)\n    db.close()\n', { manager: 'session_scope()' }),
    ).toBe('def view():\n    with session_scope() as db:\n        db.add(1)\n');
  });

  test('is awaited where closing is', () => {
    expect(wrap('async def view():\n    db = SessionLocal()\n    await db.run()\n    await db.close()\n')).toBe(
      'async def view():\n    async with SessionLocal() as db:\n        await db.run()\n',
    );
  });
});

describe('try and finally', () => {
  test('close where the code returns in between', () => {
    const text = `def view(x):
    if x:
        db = SessionLocal()
        row = db.get(A, x)
        # gone
        if row is None:
            return None
        db.close()  # bye
        return row.name
`;
    expect(wrap(text)).toBe(`def view(x):
    if x:
        db = SessionLocal()
        try:
            row = db.get(A, x)
            # gone
            if row is None:
                return None
        finally:
            db.close()  # bye
        return row.name
`);
  });

  test('close connections, which `with` leaves open', () => {
    expect(
      wrap('def view():\n    db = pool.get_connection()\n    db.ping()\n    db.close()\n', {
        opening: 'pool.get_connection()',
      }),
    ).toBe(
      'def view():\n    db = pool.get_connection()\n    try:\n        db.ping()\n    finally:\n        db.close()\n',
    );
    expect(
      wrap('def view():\n    db = sqlite3.connect()\n    db.ping()\n    return 1\n', { opening: 'sqlite3.connect()' }),
    ).toBe(
      'def view():\n    db = sqlite3.connect()\n    try:\n        db.ping()\n    finally:\n        db.close()\n    return 1\n',
    );
  });
});

describe('refused', () => {
  test.each([
    ['a generator', 'def view():\n    db = SessionLocal()\n    yield db\n', /generator/],
    [
      'a nested function',
      'def view():\n    db = SessionLocal()\n    def f():\n        return db\n    f()\n    db.close()\n',
      /nested/,
    ],
    ['closing in a branch', 'def view():\n    db = SessionLocal()\n    if db.x():\n        db.close()\n', /branch/],
    [
      'closing twice',
      'def view():\n    db = SessionLocal()\n    db.add(1)\n    db.close()\n    if x:\n        db.close()\n',
      /several places/,
    ],
    [
      'an early close',
      'def view():\n    db = SessionLocal()\n    try:\n        db.add(1)\n    except E:\n        db.rollback()\n        db.close()\n',
      /branch/,
    ],
    ['a variable set again', 'def view():\n    db = SessionLocal()\n    db = wrap(db)\n    db.close()\n', /set again/],
    [
      'use after closing',
      'def view():\n    db = SessionLocal()\n    db.add(1)\n    db.close()\n    return db\n',
      /after it is closed/,
    ],
    ['a session handed on', 'def view():\n    db = SessionLocal()\n    db.ping()\n    return db\n', /handed on/],
    ['a session kept in an object', 'def view():\n    db = SessionLocal()\n    return Repository(db)\n', /handed on/],
    ['a session of a module', 'db = SessionLocal()\ndb.add(1)\ndb.close()\n', /in a function/],
    ['an attribute', 'def view(self):\n    self.db = SessionLocal()\n    db.close()\n', /plain assignment/],
    ['one line', 'def view():\n    db = SessionLocal(); db.add(1)\n    db.close()\n', /share a line/],
    [
      'an unread statement',
      'def view():\n    db = SessionLocal()\n    global rows\n    db.close()\n',
      /cannot be read/,
    ],
    ['an unknown way to close', 'async def view():\n    db = SessionLocal()\n    await db.run()\n', /awaited/],
    ['nothing in between', 'def view():\n    db = SessionLocal()\n    db.close()\n', /nothing stands/],
  ])('%s', (_, text, why) => {
    expect(wrap(text)).toMatch(why);
  });
});
