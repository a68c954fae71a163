/** Seconds for a sentence: "10 s", "30 min", "12 h". */
export function formatSeconds(seconds: number): string {
  if (seconds >= 7200 && seconds % 3600 === 0) return `${seconds / 3600} h`;
  if (seconds >= 300 && seconds % 60 === 0) return `${seconds / 60} min`;
  return `${Math.round(seconds * 10) / 10} s`;
}

/** Names for a sentence: "a, b and c"; beyond `most`, the rest is counted: "a, b, c and 4 more". */
export function listNames(names: readonly string[], most = 4): string {
  if (names.length <= 1) return names.join('');
  const shown = names.length > most ? names.slice(0, most - 1) : names.slice(0, -1);
  const last = names.length > most ? `${names.length - shown.length} more` : names.at(-1);
  return `${shown.join(', ')} and ${last}`;
}

/** "1 worker", "4 workers". */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
