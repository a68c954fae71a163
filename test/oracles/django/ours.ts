import type { DjangoSettings } from '../../../src/model/django.ts';
import { evaluateModule } from '../../../src/model/python/evaluate.ts';
import { createPythonProgram } from '../../../src/model/python/python-program.ts';
import type { PythonValue } from '../../../src/model/python/python-value.ts';
import { readWorkspace } from '../../../src/model/read-workspace.ts';
import { createSession } from '../../../src/model/session.ts';
import type { Process } from '../../../src/model/stack.ts';
import type { Value } from '../../../src/model/value.ts';
import { openFiles, type Workspace } from '../../../src/model/workspace.ts';
import { createSourceText } from '../../../src/text/source-text.ts';
import type { Ours, OurValue, PlainValue } from '../agreement.ts';
import { type DjangoCase, projectFiles } from './django-case.ts';

/** What a workspace with the case's files, an image of them and a Gunicorn service says of its Django settings. */
export function ours(given: DjangoCase): Ours {
  const files = {
    ...projectFiles(given),
    Dockerfile: 'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nCMD ["gunicorn", "config.wsgi"]\n',
    'compose.yaml': composeFile(given.environment),
  };
  const texts = new Map(Object.entries(files).map(([path, text]) => [path, createSourceText(path, text)]));
  const workspace: Workspace = { paths: new Set(texts.keys()), texts, skipped: new Map() };
  const session = createSession();
  const process = readWorkspace(workspace, session).stack.projects[0]?.services[0]?.processes[0];
  if (!process?.django) return { refused: undefined, values: {} };
  const { django } = process;
  return {
    refused: given.usesPool ? refusesPool(django) : undefined,
    values: { ...typedValues(django, given), ...askedValues(given, { workspace, process }) },
  };
}

function composeFile(environment: Readonly<Record<string, string>>): string {
  const lines = Object.entries(environment).map(
    ([name, value]) => `      ${name}: ${JSON.stringify(value.replaceAll('$', '$$$$'))}\n`,
  );
  return `services:\n  web:\n    build: .\n${lines.length > 0 ? `    environment:\n${lines.join('')}` : ''}`;
}

function typedValues(django: DjangoSettings, { aliases }: DjangoCase): Record<string, OurValue> {
  const cache = django.caches.find(({ alias }) => alias === 'default')?.backend;
  const values: Record<string, OurValue> = {
    DEBUG: ourValue(django.debug),
    'CACHES.default.BACKEND': ourValue(cache),
    SESSION_ENGINE: ourValue(django.sessionEngine),
  };
  for (const alias of aliases) {
    const database = django.databases.find((candidate) => candidate.alias === alias);
    const engine = ourValue(database?.engine);
    values[`${alias}.ENGINE`] = engine;
    values[`${alias}.HOST`] = ourValue(database?.host);
    values[`${alias}.CONN_MAX_AGE`] = ourValue(database?.connMaxAge);
    values[`${alias}.CONN_HEALTH_CHECKS`] = ourValue(database?.healthChecks);
    values[`${alias}.pool`] = ourValue(database?.pool);
  }
  return values;
}

function refusesPool({ databases }: DjangoSettings): boolean | undefined {
  const database = databases.find(({ alias }) => alias === 'default');
  if (!database?.pool.known || !database.connMaxAge.known) return undefined;
  const sizes = database.poolSizes;
  const isSmall = sizes?.minimum.known && sizes.maximum.known && sizes.maximum.value < sizes.minimum.value;
  return database.pool.value && (database.connMaxAge.value !== 0 || isSmall === true);
}

function askedValues(
  { asked }: DjangoCase,
  from: { workspace: Workspace; process: Process },
): Record<string, OurValue> {
  const { workspace, process } = from;
  const program = createPythonProgram({
    files: openFiles(workspace),
    session: createSession(),
    roots: [''],
    environment: process.environment,
  });
  const source = program.find(process.django?.module ?? '');
  const scope = source && evaluateModule(source, program);
  return Object.fromEntries(
    asked.map((path) => {
      const [first = '', ...rest] = path.split('.');
      const value = scope?.get(first);
      if (!value) return [path, scope?.complete ? absent : { known: false, why: 'the module is not understood' }];
      return [path, rest.reduce(entryOf, plainOf(value))];
    }),
  );
}

const absent: OurValue = { known: true, value: 'absent' };

function entryOf(value: OurValue, name: string): OurValue {
  if (!value.known) return value;
  if (typeof value.value !== 'object' || value.value === null || !(name in value.value)) return absent;
  return { known: true, value: (value.value as Readonly<Record<string, PlainValue>>)[name] ?? null };
}

function ourValue(value: Value<PlainValue> | undefined): OurValue {
  if (!value) return { known: false, why: 'is not read' };
  return value.known ? { known: true, value: value.value } : { known: false, why: value.why };
}

function plainOf(value: PythonValue): OurValue {
  if (!value.known) return { known: false, why: value.why };
  const data = value.value;
  if (typeof data !== 'object' || data === null) return { known: true, value: data };
  if (data.type === 'sequence' && data.complete) {
    const items = data.items.map(plainOf);
    const missing = items.find((item) => !item.known);
    return missing ?? { known: true, value: items.flatMap((item) => (item.known ? [item.value] : [])) };
  }
  if (data.type === 'map' && data.complete) {
    const entries = [...data.entries].map(([name, entry]) => [name, plainOf(entry)] as const);
    const missing = entries.find(([, entry]) => !entry.known)?.[1];
    const plain = Object.fromEntries(entries.flatMap(([name, entry]) => (entry.known ? [[name, entry.value]] : [])));
    return missing ?? { known: true, value: plain };
  }
  return { known: false, why: `a ${data.type} that is not followed to its end` };
}
