/** A value as the programs print it. */
export type PlainValue =
  | string
  | number
  | boolean
  | null
  | readonly PlainValue[]
  | { readonly [name: string]: PlainValue };

/** What a real program says of one case: that it refuses it, or its effective values by name. */
export type Answer =
  | { readonly refused: true; readonly reason?: string }
  | { readonly refused: false; readonly values: Readonly<Record<string, PlainValue>> };

/** What Headroom says of the same case. `refused` is undefined where it does not claim to know. */
export interface Ours {
  readonly refused: boolean | undefined;
  readonly values: Readonly<Record<string, OurValue>>;
}

/** One value of Headroom's: known, or unknown with the reason. */
export type OurValue =
  | { readonly known: true; readonly value: PlainValue }
  | { readonly known: false; readonly why: string };

/** A small workspace, given to a real program and to Headroom. `Case` adds what the program is called with. */
export interface OracleCase {
  /** Unique; a hand-written case is named for what it shows. */
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
}

/** A real program that Headroom's effective values are held against. */
export interface Oracle<Case extends OracleCase = OracleCase> {
  /** The folder's name below `test/oracles`. */
  readonly name: string;
  readonly cases: () => readonly Case[];
  /** Asks the real program; rejects only when the program cannot be run at all. */
  readonly ask: (given: Case) => Promise<Answer>;
  readonly ours: (given: Case) => Ours;
}

/** Recorded answers of one version of a program, by the names of the cases. */
export interface Recording {
  /** Name and version, as in "Docker Compose 2.40.3". */
  readonly program: string;
  /** Values that Headroom may call unknown, at most; the share is to shrink. */
  readonly unknownAtMost: number;
  readonly answers: Readonly<Record<string, Answer>>;
}

/** How far Headroom agrees with a program. */
export interface Agreement {
  readonly cases: number;
  readonly refusals: number;
  /** Values compared, those called unknown included. */
  readonly values: number;
  readonly same: number;
  readonly unknown: readonly string[];
  /** "case: name: theirs, ours" for each disagreement, false and missed refusals included. */
  readonly different: readonly string[];
}

/** Holds Headroom's values against the answers. A case without an answer is a disagreement: the record is out of date. */
export function compareWithAnswers<Case extends OracleCase>(
  cases: readonly Case[],
  answers: Readonly<Record<string, Answer>>,
  ours: (given: Case) => Ours,
): Agreement {
  const different: string[] = [];
  const unknown: string[] = [];
  let [refusals, values, same] = [0, 0, 0];
  const count = (label: string, theirs: PlainValue | undefined, mine: OurValue | undefined) => {
    values++;
    if (mine?.known === false) unknown.push(`${label}: ${mine.why}`);
    else if (sameValue(theirs, mine?.value)) same++;
    else different.push(`${label}: theirs ${show(theirs)}, ours ${show(mine?.value)}`);
  };
  for (const given of cases) {
    const answer = answers[given.name];
    if (answer === undefined) {
      different.push(`${given.name}: no recorded answer (npm run oracles -- --record)`);
      continue;
    }
    const mine = ours(given);
    if (answer.refused) refusals++;
    const refused: OurValue =
      mine.refused === undefined
        ? { known: false, why: 'whether it is refused is not known' }
        : { known: true, value: mine.refused };
    if (answer.refused || mine.refused === true) count(`${given.name}: refused`, answer.refused, refused);
    if (answer.refused) continue;
    for (const name of new Set([...Object.keys(answer.values), ...Object.keys(mine.values)])) {
      count(`${given.name}: ${name}`, answer.values[name], mine.values[name]);
    }
  }
  return { cases: cases.length, refusals, values, same, unknown, different };
}

/** One line of the table that the harness prints. */
export function describeAgreement(program: string, agreement: Agreement): string {
  const { cases, refusals, values, same, unknown, different } = agreement;
  const share = values === 0 ? 0 : (100 * unknown.length) / values;
  return `${program}: ${cases} cases (${refusals} refused), ${values} values, ${same} same, ${unknown.length} unknown (${share.toFixed(1)} %), ${different.length} different`;
}

/** The same as a row of the table in docs/agreement.md. */
export function agreementRow(program: string, agreement: Agreement): string {
  const { cases, refusals, values, same, unknown, different } = agreement;
  return `| ${[program, cases, refusals, values, same, unknown.length, different.length].join(' | ')} |`;
}

/** Deep equality that ignores the order of an object's keys. */
export function sameValue(left: PlainValue | undefined, right: PlainValue | undefined): boolean {
  return canonical(left) === canonical(right);
}

function canonical(value: PlainValue | undefined): string {
  return (
    JSON.stringify(value, (_, part: unknown) =>
      part !== null && typeof part === 'object' && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
        : part,
    ) ?? 'absent'
  );
}

function show(value: PlainValue | undefined): string {
  const text = canonical(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
