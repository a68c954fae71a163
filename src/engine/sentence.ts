/** Fills `{name}` places of a template; a name without a value stays as it is, so that a mistake is seen. */
export function fillTemplate(template: string, values: Readonly<Record<string, string | number>> = {}): string {
  return template.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name];
    return value === undefined ? place : typeof value === 'number' ? formatNumber(value) : value;
  });
}

/** At most three decimals, no trailing zeros, "unlimited" for infinity. */
function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return 'unlimited';
  return String(Math.round(value * 1000) / 1000);
}
