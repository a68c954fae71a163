/** `; did you mean "x"?` for the candidate that resembles the word most, or nothing when none comes near. */
export function suggest(word: string, candidates: readonly string[]): string {
  const ranked = candidates
    .map((candidate) => ({ candidate, steps: likeness(word.toLowerCase(), candidate) }))
    .sort((left, right) => left.steps - right.steps);
  const best = ranked[0];
  return best && best.steps <= Math.max(2, word.length / 3) ? `; did you mean "${best.candidate}"?` : '';
}

/** Edits between the two words; a candidate that contains the word is near. */
function likeness(word: string, candidate: string): number {
  if (word.length >= 4 && candidate.includes(word)) return 1;
  let row = Array.from({ length: candidate.length + 1 }, (_, index) => index);
  for (let i = 1; i <= word.length; i++) {
    const next = [i];
    for (let j = 1; j <= candidate.length; j++) {
      const cost = word[i - 1] === candidate[j - 1] ? 0 : 1;
      next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + cost));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
