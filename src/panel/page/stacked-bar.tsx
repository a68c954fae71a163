import { say } from './texts.ts';

/** A part of a bar. */
export interface BarPart {
  readonly label: string;
  readonly amount: number;
  readonly shown: string;
}

/** A bar of parts with their names and numbers; what is free stays empty. An alert line may mark a share of the whole. */
export function StackedBar(props: {
  readonly title: string;
  readonly parts: readonly BarPart[];
  readonly total: number;
  readonly summary: string;
  /** What is left, where that is known and more than nothing. */
  readonly free: string | undefined;
  /** Amount at which the line stands, with its label. */
  readonly alert?: { readonly at: number; readonly label: string } | undefined;
}) {
  const { title, parts, total, summary, free, alert } = props;
  const used = parts.reduce((sum, part) => sum + part.amount, 0);
  const whole = Math.max(total, used, 1e-9);
  const starts = parts.map((_, index) => parts.slice(0, index).reduce((sum, part) => sum + part.amount, 0));
  return (
    <figure class="bar">
      <figcaption>
        {title} <span class={used > total ? 'over' : undefined}>{summary}</span>
      </figcaption>
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={`${title}: ${summary}`}>
        <rect class="free" x="0" y="0" width="100" height="10" />
        {parts.map((part, index) => (
          <rect
            key={part.label}
            class={`part part-${index % 6}`}
            x={((starts[index] ?? 0) / whole) * 100}
            y="0"
            width={Math.max(0, (part.amount / whole) * 100 - 0.3)}
            height="10"
          >
            <title>{`${part.label}: ${part.shown}`}</title>
          </rect>
        ))}
        {alert && <rect class="alert" x={(alert.at / whole) * 100 - 0.15} y="0" width="0.3" height="10" />}
      </svg>
      <ul>
        {parts.map((part, index) => (
          <li key={part.label}>
            <svg viewBox="0 0 10 10" class="swatch" aria-hidden="true">
              <rect class={`part part-${index % 6}`} width="10" height="10" />
            </svg>{' '}
            {part.label} <b>{part.shown}</b>
          </li>
        ))}
        {free !== undefined && (
          <li>
            <svg viewBox="0 0 10 10" class="swatch" aria-hidden="true">
              <rect class="free" width="10" height="10" />
            </svg>{' '}
            {say('free')} <b>{free}</b>
          </li>
        )}
        {alert && (
          <li>
            <svg viewBox="0 0 10 10" class="swatch" aria-hidden="true">
              <rect class="alert" x="4" width="2" height="10" />
            </svg>{' '}
            {alert.label}
          </li>
        )}
      </ul>
    </figure>
  );
}
