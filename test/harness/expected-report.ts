/** What a stack's `expected.md` promises. */
export interface ExpectedReport {
  readonly before: readonly ExpectedFinding[];
  readonly silent: readonly { readonly rules: readonly string[]; readonly place: string }[];
  readonly variants: readonly Variant[];
}

export interface ExpectedFinding {
  readonly rule: string;
  /** Places that are right, `file:line` each. */
  readonly places: readonly string[];
  readonly severity: string;
}

/** The tree with some lines changed, and what must or must not be found then. */
export interface Variant {
  readonly name: string;
  readonly tree: string;
  readonly edits: readonly { readonly file: string; readonly before: string; readonly after: string }[];
  readonly found: readonly { readonly rule: string; readonly severity: string; readonly times: number }[];
  readonly gone: readonly string[];
}

/** Reads the tables and variants of an `expected.md`. */
export function readExpectedReport(markdown: string): ExpectedReport {
  const sections = splitSections(markdown, '## ');
  const before = tableRows(sections.get('Before') ?? '').map((cells) => ({
    rule: code(cells[0])[0] ?? '',
    places: [...code(cells[1]), ...code(cells[4]).filter((word) => /:\d+$/.test(word))],
    severity: (cells[2] ?? '').trim(),
  }));
  const silent = tableRows(sections.get('Must stay silent') ?? '').map((cells) => ({
    place: code(cells[0])[0] ?? '',
    rules: code(cells[1]).filter((word) => /^[a-z]+(-[a-z]+)+$/.test(word)),
  }));
  const variants = [...splitSections(sections.get('Variants') ?? '', '### ')].map(([title, body]) =>
    readVariant(title, body),
  );
  return { before, silent, variants };
}

function readVariant(title: string, body: string): Variant {
  const [, name = title, tree = 'before'] = /^(\S+) \((\w+)\)/.exec(title) ?? [];
  const edits = [...body.matchAll(/```edit (\S+)\n([\s\S]*?)```/g)].map((match) => {
    const lines = (match[2] ?? '').split('\n');
    const side = (mark: string) =>
      lines
        .filter((line) => line.startsWith(mark))
        .map((line) => line.slice(2))
        .join('\n');
    return { file: match[1] ?? '', before: side('-'), after: side('+') };
  });
  const bullets = body
    .replace(/```edit[\s\S]*?```/g, '')
    .split('\n')
    .filter((line) => line.startsWith('- '));
  const found: { rule: string; severity: string; times: number }[] = [];
  const gone: string[] = [];
  for (const bullet of bullets) {
    const positive = /^- `([a-z-]+)`, (error|warning|information|hint)(, twice)?/.exec(bullet);
    if (positive) {
      const rule = positive[1] ?? '';
      const times = positive[3] || /\bboth\b/.test(bullet) ? 2 : 1;
      const same = found.find((entry) => entry.rule === rule);
      if (same) same.times += times;
      else found.push({ rule, severity: positive[2] ?? '', times });
    }
    const silence = /^- Silent: (.*)|^- (.*) (?:is|are) gone/.exec(bullet);
    if (silence) gone.push(...code(silence[1] ?? silence[2]).filter((word) => /^[a-z]+(-[a-z]+)+$/.test(word)));
  }
  return { name, tree, edits, found, gone };
}

function splitSections(text: string, mark: string): Map<string, string> {
  const parts = `\n${text}`.split(`\n${mark}`).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')).trim(), part.slice(part.indexOf('\n') + 1)]));
}

function tableRows(text: string): string[][] {
  const rows = text.split('\n').filter((line) => line.startsWith('| '));
  return rows.filter((row) => /^\| `/.test(row)).map((row) => row.split('|').slice(1, -1));
}

function code(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
}
