import type { ComposeProject, ComposeService } from '../../../src/model/compose/compose-service.ts';
import { brokenComposeFiles, readComposeProjects } from '../../../src/model/compose/read-compose-projects.ts';
import { finish } from '../../../src/model/pausable.ts';
import { createSession } from '../../../src/model/session.ts';
import type { Value } from '../../../src/model/value.ts';
import { type Files, openFiles } from '../../../src/model/workspace.ts';
import { createSourceText } from '../../../src/text/source-text.ts';
import { type Location, textAt } from '../../../src/text/span.ts';

/** A workspace of these texts, all loaded. */
export function filesOf(texts: Readonly<Record<string, string>>): Files {
  const sources = Object.entries(texts).map(([path, text]) => [path, createSourceText(path, text)] as const);
  return openFiles({ paths: new Set(Object.keys(texts)), texts: new Map(sources), skipped: new Map() });
}

export function projectsOf(texts: Readonly<Record<string, string>>): readonly ComposeProject[] {
  return finish(readComposeProjects({ files: filesOf(texts), session: createSession(), rootName: 'shop' }));
}

export function brokenOf(texts: Readonly<Record<string, string>>): readonly string[] {
  return brokenComposeFiles({ files: filesOf(texts), session: createSession() }).map(
    ({ path, why }) => `${path}: ${why}`,
  );
}

/** The service of the first project. */
export function serviceOf(texts: Readonly<Record<string, string>>, name = 'web'): ComposeService {
  const service = projectsOf(texts)[0]?.services.find((candidate) => candidate.name === name);
  if (!service) throw new Error(`no service ${name}`);
  return service;
}

/** A value as a reader would tell it: the value, or `? reason`. */
export function tell(value: Value<unknown> | undefined): unknown {
  if (!value) return undefined;
  return value.known ? value.value : `? ${value.why}`;
}

/** `path:line "text"` of a place. */
export function place(at: Location | undefined): string | undefined {
  if (!at) return undefined;
  const line = at.source.text.slice(0, at.span.start).split('\n').length;
  return `${at.source.path}:${line} ${textAt(at)}`;
}

export function environmentOf(service: ComposeService): Record<string, unknown> {
  return Object.fromEntries([...service.environment.variables].map(([name, value]) => [name, tell(value)]));
}

export function wordsOf(
  service: ComposeService,
  key: 'command' | 'entrypoint' = 'command',
): readonly string[] | undefined {
  return service[key]?.words.map((word) => word.text);
}
