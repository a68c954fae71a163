import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sizeCaps } from '../../src/parse/parse-result.ts';
import { parseYaml } from '../../src/parse/yaml.ts';
import type { YamlNode, YamlScalar } from '../../src/parse/yaml-tree.ts';

describe('scalars', () => {
  it('gives plain values by the core schema and keeps their text', () => {
    const text = 'a: 4\nb: 1.50\nc: true\nd: ~\ne: 0777\nf: yes\ng: 22:22\nh: !!str 5\ni: "6"\nj: !!int "6"\nk: .5e3\n';
    const values = scalarsOf(text).filter((_, index) => index % 2 === 1);
    expect(values.map((scalar) => scalar.value)).toEqual([4, 1.5, true, null, 777, 'yes', '22:22', '5', '6', 6, 500]);
    expect(values.map((scalar) => scalar.text).slice(0, 4)).toEqual(['4', '1.50', 'true', '~']);
  });

  it('covers the text of a value and nothing after it', () => {
    for (const eol of ['\n', '\r\n']) {
      const text = ['a: one  # comment', 'b: "two" ', "c: 'three'", 'd: four', ''].join(eol);
      const spans = scalarsOf(text).map((scalar) => at(text, scalar));
      expect(spans).toEqual(['a', 'one', 'b', '"two"', 'c', "'three'", 'd', 'four']);
    }
  });

  it('counts UTF-16 units', () => {
    const text = '😀: "😀 x" # 😀\nport: 80\n';
    expect(scalarsOf(text).map((scalar) => at(text, scalar))).toEqual(['😀', '"😀 x"', 'port', '80']);
  });

  it('says where each character of a folded or block value stands', () => {
    const text = 'a: >-\r\n  gunicorn app\r\n  --workers 4\r\nb: |\n  one\n   two\n\nc: x\n  y\n\n  z\n';
    const [, folded, , literal, , plain] = scalarsOf(text);
    expect(folded?.text).toBe('gunicorn app --workers 4');
    expect(offsetText(text, folded)).toBe('gunicorn app\n--workers 4');
    expect(literal?.text).toBe('one\n two\n');
    expect(offsetText(text, literal)).toBe('one\n two\n');
    expect(literal && at(text, literal)).toBe('|\n  one\n   two');
    expect(plain?.text).toBe('x y\nz');
    expect(offsetText(text, plain)).toBe('x\ny\nz');
  });

  it('has no offsets where an escape is in the way', () => {
    const scalars = scalarsOf('- "a\\tb"\n- \'it\'\'s\'\n- "plain"\n- \'plain\'\n- ""\n');
    expect(scalars.map((scalar) => scalar.text)).toEqual(['a\tb', "it's", 'plain', 'plain', '']);
    expect(scalars.map((scalar) => scalar.offsets !== undefined)).toEqual([false, false, true, true, true]);
  });

  it('honours the header of a block', () => {
    const [, indented, , kept, , stripped, , last] = scalarsOf(
      'a: |2\n    x\n   y\nb: |+\n  k\n\nc: |- # c\n  s\nd: |\n  end',
    );
    expect(indented?.text).toBe('  x\n y\n');
    expect(indented?.offsets).toHaveLength(7);
    expect(kept?.text).toBe('k\n\n');
    expect(stripped?.text).toBe('s');
    expect(last?.text).toBe('end');
    expect(last?.offsets).toHaveLength(3);
  });
});

describe('collections', () => {
  it('span from the first key to the end of the last value', () => {
    const text = 'services:\n  web:\n    ports:\n      - 80\n      - 81 # last\n    image: x # c\n\n  # end\n  db:\n';
    const services = value(text, 'services');
    expect(services && at(text, services)).toBe(text.slice(text.indexOf('web'), text.indexOf('db:') + 3));
    const web = services?.kind === 'mapping' ? services.entries[0]?.value : undefined;
    expect(web && at(text, web)).toBe('ports:\n      - 80\n      - 81 # last\n    image: x');
    const ports = web?.kind === 'mapping' ? web.entries[0]?.value : undefined;
    expect(ports && at(text, ports)).toBe('- 80\n      - 81');
    expect(services?.kind === 'mapping' && services.entries[1]?.value).toBeUndefined();
  });

  it('keeps flow collections, nulls in lists and all entries of a repeated key', () => {
    const text = 'a: {x: [1, 2], y, z: }\nb:\n  - one\n  -\na: 2\n';
    const root = parseYaml(text).root;
    expect(root?.kind === 'mapping' && root.entries.map((entry) => entry.key.text)).toEqual(['a', 'b', 'a']);
    const a = root?.kind === 'mapping' ? root.entries[0]?.value : undefined;
    expect(a && at(text, a)).toBe('{x: [1, 2], y, z: }');
    expect(a?.kind === 'mapping' && a.flow && a.entries.map((entry) => entry.value?.kind)).toEqual([
      'sequence',
      undefined,
      undefined,
    ]);
    const b = value(text, 'b');
    expect(b && at(text, b)).toBe('- one\n  -');
    expect(b?.kind === 'sequence' && b.items.map((item) => item.kind === 'scalar' && item.value)).toEqual([
      'one',
      null,
    ]);
  });

  it('keeps custom tags, with and without a value', () => {
    const text = 'a: !reset\nb: !override\n  - 1\nc: !reset null\nd: !override {x: 1}\ne: !custom 5\n';
    const document = parseYaml(text);
    expect(document.errors).toEqual([]);
    const root = document.root;
    const values = root?.kind === 'mapping' ? root.entries.map((entry) => entry.value) : [];
    expect(values.map((node) => node?.tag)).toEqual(['!reset', '!override', '!reset', '!override', '!custom']);
    expect(values[0]).toMatchObject({ kind: 'scalar', text: '', value: null });
    expect(values[4]).toMatchObject({ value: 5 });
  });

  it('links aliases to the anchor before them', () => {
    const root = parseYaml('a: &x 1\nb: *x\nc: &x 2\nd: *x\ne: *later\nf: &later 3\n').root;
    const aliases =
      root?.kind === 'mapping'
        ? root.entries.flatMap((entry) => (entry.value?.kind === 'alias' ? [entry.value] : []))
        : [];
    expect(aliases.map((alias) => alias.target?.kind === 'scalar' && alias.target.value)).toEqual([1, 2, false]);
  });

  it('never makes a cycle', () => {
    const root = parseYaml('a: &x\n  b: *x\n').root;
    const inner = value('a: &x\n  b: *x\n', 'a');
    expect(root?.kind).toBe('mapping');
    expect(inner?.kind === 'mapping' && inner.entries[0]?.value).toMatchObject({ kind: 'alias', target: undefined });
  });
});

describe('flow collections that leave the indentation around them', () => {
  it('are read with their places', () => {
    const text = 'web:\n    command: [ # all of it ]\n  "a b",\nc, # the last\n]\n    init: true\n';
    const document = parseYaml(text);
    expect(document.errors).toEqual([]);
    const scalars = scalarsOf(text).map((scalar) => text.slice(scalar.span.start, scalar.span.end));
    expect(scalars).toEqual(['web', 'command', '"a b"', 'c', 'init', 'true']);
  });

  it.each(['a:\n  b: [\nc,\nd: e\n', 'a:\n  b: [\nc}\n]\n', 'a:\n  b: [\n---\n]\n'])('stay errors: %j', (text) => {
    expect(parseYaml(text).errors).not.toEqual([]);
  });
});

describe('documents', () => {
  it('gives the first and all', () => {
    const document = parseYaml('---\na: 1\n---\nb: 2\n...\n---\nc: 3\n');
    expect(document.documentCount).toBe(3);
    expect(document.root?.kind === 'mapping' && document.root.entries.map((entry) => entry.key.text)).toEqual(['a']);
    expect(document.roots).toHaveLength(3);
    expect(document.errors).toEqual([]);
  });

  it('takes empty texts and texts of comments', () => {
    for (const text of ['', '\n\n', '# only\n# comments', '   ', '---\n', '\uFEFF']) {
      expect(parseYaml(text)).toMatchObject({ root: undefined, errors: [] });
    }
    expect(parseYaml('').documentCount).toBe(0);
  });

  it('refuses what is too large, visibly', () => {
    const codes = (text: string) => parseYaml(text).errors.map((error) => error.code);
    expect(codes('a: b\n'.repeat(sizeCaps.yaml / 5 + 1))).toEqual(['too-large']);
    expect(codes(`a: 1\nb: ${'x'.repeat(sizeCaps.line)}\n`)).toEqual(['too-large']);
    expect(codes(`a: ${'x'.repeat(sizeCaps.line - 3)}\r\nb: 1\n`).includes('too-large')).toBe(true);
    expect(codes(`a: ${'x'.repeat(sizeCaps.line - 3)}\nb: 1\n`)).toEqual([]);
  });
});

describe('broken files', () => {
  const broken: Readonly<Record<string, string>> = {
    'conflict markers': 'a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> other\nc: 4\n',
    tabs: 'a:\n\t- b\n\tc: 1\n',
    'unclosed double quote': 'a: 1\nb: "open\nc: 2\n',
    'unclosed single quote': "a: 1\nb: 'open\nc: 2\n",
    'unclosed flow': 'a: 1\nb: [1, {x: 2\nc: 3\n',
    templates: 'a: 1\n{{ b }}: {{ c }}\n{% if x %}\nd: 2\n',
    'control characters': 'a: 1\nb: \u001Fx\u0002\u0018\nc: y\uFEFFz\n',
    nul: 'a: 1\nb\u0000: \u0000\n',
    'bad indentation': 'a: 1\n  b: 2\n c: 3\n',
  };

  for (const [name, text] of Object.entries(broken)) {
    it(`keeps what stands before ${name}`, () => {
      const document = parseYaml(text);
      const first = document.root?.kind === 'mapping' ? document.root.entries[0] : undefined;
      expect(first?.key.text).toBe('a');
      expectSound(text);
    });
  }

  it('ends a mapping with the text of its last value, also where that is nothing but blanks', () => {
    const text = "b: |2- '\n    ";
    expectSound(text);
    expect(parseYaml(text).root?.span).toEqual({ start: 0, end: text.indexOf('\n') });
  });

  it('caps the errors', () => {
    const { errors } = parseYaml('a: [,,\n'.repeat(500));
    expect(errors).toHaveLength(100);
  });

  it('says nothing of the text in its errors', () => {
    for (const text of Object.values(broken)) {
      for (const error of parseYaml(text).errors) {
        expect(error.code).toMatch(/^[a-z]+(-[a-z]+)*$/);
        expect(Object.keys(error).sort()).toEqual(['code', 'span']);
      }
    }
  });

  it('ends for deep nesting', () => {
    const deep = [
      '['.repeat(10_000),
      `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
      '- '.repeat(10_000),
      '? '.repeat(9000),
    ];
    for (const text of [...deep, `a:\n${' [\n'.repeat(10_000)}`]) {
      const { errors } = parseYaml(text);
      expect(errors.length).toBeGreaterThan(0);
      expectSound(text);
    }
  });
});

describe('any text', () => {
  it('never throws, and every span and offset is right', () => {
    fc.assert(
      fc.property(yamlish, (text) => {
        expectSound(text);
      }),
      { numRuns: 1000 },
    );
  });

  it('finds back values it wrote', () => {
    const word = fc.stringMatching(/^[a-z😀é][a-z0-9 😀é_-]{0,12}[a-z0-9]$/u);
    const eol = fc.constantFrom('\n', '\r\n');
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 8 }), eol, (pairs, newline) => {
        const text = pairs.map(([key, content]) => `${key}: ${content} # c${newline}`).join('');
        expect(scalarsOf(text).map((scalar) => at(text, scalar))).toEqual(pairs.flat());
        expect(scalarsOf(text).map((scalar) => scalar.text)).toEqual(pairs.flat());
      }),
      { numRuns: 100 },
    );
  });
});

const yamlish = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        ...[
          'a',
          'b: ',
          ': ',
          '- ',
          '? ',
          '"',
          "'",
          '\\',
          '\\n',
          '{',
          '}',
          '[',
          ']',
          ',',
          '&x ',
          '*x',
          '!reset ',
          '|',
          '>-',
        ],
        ...[
          '\n',
          '\n',
          '\r\n',
          '\n  ',
          '\n    ',
          ' ',
          '\t',
          '#',
          ' # c',
          '---\n',
          '...\n',
          '<<: ',
          '😀',
          '%',
          '@',
          '`',
          '\r',
        ],
        ...['\u0000', '\u001F', '\uFEFF', '|2', '>+', '12', '~', "''"],
      ),
      { maxLength: 40 },
    )
    .map((pieces) => pieces.join('')),
);

/** The laws of every tree: spans inside the text and inside each other's file, offsets that stand on their characters. */
function expectSound(text: string): void {
  const document = parseYaml(text);
  for (const { span } of document.errors) expectInside(text, span);
  const open: YamlNode[] = document.root ? [document.root] : [];
  for (let node = open.pop(); node; node = open.pop()) {
    expectInside(text, node.span);
    expect(text.slice(node.span.start, node.span.end)).not.toMatch(/[ \t\r\n]$/);
    if (node.kind === 'scalar') expectOffsets(text, node);
    if (node.kind === 'sequence') open.push(...node.items);
    if (node.kind === 'mapping')
      for (const { key, value: held } of node.entries) open.push(key, ...(held ? [held] : []));
  }
}

function expectInside(text: string, span: { start: number; end: number }): void {
  expect(span.start).toBeGreaterThanOrEqual(0);
  expect(span.end).toBeGreaterThanOrEqual(span.start);
  expect(span.end).toBeLessThanOrEqual(text.length);
}

function expectOffsets(text: string, scalar: YamlScalar): void {
  if (scalar.style !== 'double') expect(scalar.text).not.toContain('\r');
  if (!scalar.offsets) return;
  expect(scalar.offsets).toHaveLength(scalar.text.length);
  let previous = scalar.span.start - 1;
  scalar.offsets.forEach((offset, index) => {
    expect(offset).toBeGreaterThan(previous);
    previous = offset;
    const written = text[offset] === '\r' ? '\n' : text[offset];
    if (written === '\n') expect(['\n', ' ']).toContain(scalar.text[index]);
    else expect(scalar.text[index]).toBe(written);
  });
}

function offsetText(text: string, scalar: YamlScalar | undefined): string | undefined {
  return scalar?.offsets?.map((offset) => text[offset]).join('');
}

function at(text: string, node: YamlNode): string {
  return text.slice(node.span.start, node.span.end);
}

function value(text: string, key: string): YamlNode | undefined {
  const root = parseYaml(text).root;
  return root?.kind === 'mapping' ? root.entries.find((entry) => entry.key.text === key)?.value : undefined;
}

/** All scalars in the order of the text. */
function scalarsOf(text: string): YamlScalar[] {
  const scalars: YamlScalar[] = [];
  const visit = (node: YamlNode | undefined): void => {
    if (node?.kind === 'scalar') scalars.push(node);
    if (node?.kind === 'sequence') node.items.forEach(visit);
    if (node?.kind !== 'mapping') return;
    for (const entry of node.entries) {
      scalars.push(entry.key);
      visit(entry.value);
    }
  };
  visit(parseYaml(text).root);
  return scalars;
}
