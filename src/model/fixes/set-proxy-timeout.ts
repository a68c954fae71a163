import { type NginxDirective, parseNginx } from '../../parse/nginx.ts';
import { derive, lineEnding } from '../../text/source-text.ts';
import { containsSpan, type Span, textAt } from '../../text/span.ts';
import type { Edits } from '../fix.ts';
import type { ProxyRoute } from '../proxy/proxy-route.ts';
import { isDefault } from '../value.ts';
import { kindOfFile } from './file-kind.ts';
import { finishEdits } from './finish-edits.ts';
import { indentationAt, insertAt } from './line-places.ts';
import { replaceNumber } from './replace-text.ts';

/** Gives a route of nginx another read time-out: where one is written, or behind the directive that passes requests on. */
export function setProxyTimeout(route: ProxyRoute, seconds: number): Edits {
  const { readTimeoutSeconds: value, timeoutDirective, at } = route;
  if (!isDefault(value)) {
    // A template takes its time from a variable of the container.
    if (/^(yaml|env|dockerfile)$/.test(kindOfFile(value.at.source))) return replaceNumber(value, seconds);
    const written = textAt(value.at);
    if (!/^\d+(ms|[smhdw])?$/.test(written)) return { refused: 'the time is not written there as it is' };
    return finishEdits([{ ...value.at, newText: `${seconds}${/\d$/.test(written) ? '' : 's'}` }]);
  }
  const { source, span } = at;
  const around = innermost(derive(source, { kind: 'nginx', from: parseNginx }).directives, span);
  if (around?.name !== 'location') return { refused: `${timeoutDirective} cannot stand beside this directive` };
  const indentation = indentationAt(source.text, span.start);
  const gap = indentation === undefined ? ' ' : `${lineEnding(source)}${indentation}`;
  return finishEdits([insertAt(source, span.end, `${gap}${timeoutDirective} ${seconds}s;`)]);
}

/** The smallest block around a span. */
function innermost(directives: readonly NginxDirective[], span: Span): NginxDirective | undefined {
  let found: NginxDirective | undefined;
  for (let level: readonly NginxDirective[] | undefined = directives; level; ) {
    const next: NginxDirective | undefined = level.find(
      (directive) => directive.block && containsSpan(directive.span, span),
    );
    found = next ?? found;
    level = next?.block;
  }
  return found;
}
