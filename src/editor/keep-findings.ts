import type { Analysis } from '../engine/analyse.ts';
import type { Finding } from '../engine/finding.ts';
import { shiftSpan } from '../text/shift-span.ts';
import type { SourceText } from '../text/source-text.ts';
import type { Location } from '../text/span.ts';
import { type Hop, isDefaultHop } from '../text/trail.ts';

/** The findings of each project from the last time that all its files could be parsed, by the project's name. */
export type LastGood = ReadonlyMap<
  string,
  { readonly paths: ReadonlySet<string>; readonly findings: readonly Finding[] }
>;

/**
 * The findings to show. While a file of a project cannot be parsed (somebody is typing in it), the project's last good
 * findings stay, moved with the text and without fixes, instead of what a half-read project would give.
 */
export function keepFindings(
  lastGood: LastGood,
  now: { readonly analysis: Analysis; readonly texts: ReadonlyMap<string, SourceText> },
): { readonly findings: readonly Finding[]; readonly lastGood: LastGood } {
  const { report, reading } = now.analysis;
  const broken = new Set(reading.broken.map(({ at }) => at.source.path));
  const held = [...lastGood].filter(([, { paths }]) => [...broken].some((path) => paths.has(path)));
  const heldNames = new Set(held.map(([name]) => name));
  const heldPaths = new Set(held.flatMap(([, { paths }]) => [...paths]));
  const fresh = report.findings.filter(
    (finding) =>
      reportsTheBreak.has(finding.rule) ||
      !(heldNames.has(finding.project) || (held.length > 0 && heldPaths.has(finding.at.source.path))),
  );
  const kept = held.flatMap(([, { findings }]) => findings.flatMap((finding) => moveFinding(finding, now.texts)));
  const next = new Map(held);
  for (const project of reading.stack.projects) {
    if (heldNames.has(project.name)) continue;
    const findings = report.findings.filter((finding) => finding.project === project.name);
    const paths = new Set(project.files.map((file) => file.path));
    for (const finding of findings) for (const { source } of placesOf(finding)) paths.add(source.path);
    next.set(project.name, { paths, findings });
  }
  return { findings: [...fresh, ...kept], lastGood: next };
}

/** Notices that say what is wrong at the moment. */
const reportsTheBreak: ReadonlySet<string> = new Set(['file-not-analysed', 'configuration-invalid']);

function placesOf(finding: Finding): readonly Location[] {
  return [finding.at, ...finding.trail.flatMap((hop) => (isDefaultHop(hop) ? [] : [hop.at as Location]))];
}

function moveFinding(finding: Finding, texts: ReadonlyMap<string, SourceText>): readonly Finding[] {
  const at = moveLocation(finding.at, texts);
  if (!at) return [];
  return [{ ...finding, at, trail: finding.trail.flatMap((hop) => moveHop(hop, texts)), fixes: [] }];
}

function moveHop(hop: Hop, texts: ReadonlyMap<string, SourceText>): readonly Hop[] {
  if ('default' in hop.at) return [hop];
  const at = moveLocation(hop.at, texts);
  return at ? [{ ...hop, at }] : [];
}

function moveLocation(at: Location, texts: ReadonlyMap<string, SourceText>): Location | undefined {
  const source = texts.get(at.source.path);
  if (!source || source === at.source) return source && at;
  const span = shiftSpan(at.span, { before: at.source.text, after: source.text });
  return span && { source, span };
}
