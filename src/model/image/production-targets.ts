import { parseDockerfile } from '../../parse/dockerfile.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Session } from '../session.ts';

/**
 * The targets that production builds, as far as the Dockerfile says so: the stages named for production, else the last
 * stage (`undefined`), which a build without a target ends in (docs.docker.com, "Multi-stage builds"), unless it is named
 * for development or tests.
 */
export function findProductionTargets(source: SourceText, session: Session): readonly (string | undefined)[] {
  const { stages } = session.derive(source, { kind: 'dockerfile', from: parseDockerfile });
  const named = stages.flatMap(({ name }) => (name !== undefined && isProduction(name) ? [name] : []));
  if (named.length > 0) return named;
  const last = stages.at(-1);
  return last && !isDevelopment(last.name ?? '') ? [undefined] : [];
}

function isProduction(name: string): boolean {
  return /(^|[-_.])prod(uction)?$/.test(name) && !/(^|[-_.])(pre|non)[-_.]/.test(name);
}

function isDevelopment(name: string): boolean {
  return /(^|[-_.])(dev|devel|development|local|tests?|testing|ci|debug|e2e)([-_.]|$)/.test(name);
}
