/** A sentence of the page: an English template with `{names}`, filled in. Locales will replace the templates here. */
export function say(template: string, values: Readonly<Record<string, string | number>> = {}): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** A text whose amounts stay on one line: a number and its unit, "1.5 GiB", "80 %". */
export function withWholeAmounts(text: string): string {
  return text.replace(/(\d) (?=(?:[KMGT]iB|B|ms|s|min|h)(?!\w)|%)/g, '$1\u00a0');
}

/** A reason as a sentence of its own: "comes from the shell" becomes "Comes from the shell."; names stay as they are. */
export function asSentence(reason: string): string {
  const startsWithName = !/^[a-z-]+(\s|$)/.test(reason);
  return `${startsWithName ? reason : `${reason.charAt(0).toUpperCase()}${reason.slice(1)}`}.`;
}
