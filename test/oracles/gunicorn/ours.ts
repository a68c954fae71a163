import { readWorkspace } from '../../../src/model/read-workspace.ts';
import { createSession } from '../../../src/model/session.ts';
import type { GunicornSettings, Process } from '../../../src/model/stack.ts';
import { mapValue, type Value } from '../../../src/model/value.ts';
import { workspaceOf } from '../../model/stack-fixture.ts';
import type { Ours, OurValue, PlainValue } from '../agreement.ts';
import { type GunicornCase, programFiles } from './gunicorn-case.ts';

/** What Headroom says of the case, read from a workspace that tells the command as a project would. */
export function ours(given: GunicornCase, version: string): Ours {
  const files = { ...programFiles(given), ...tellers[given.told](given), 'requirements.txt': `gunicorn==${version}\n` };
  const process = readWorkspace(workspaceOf(files), createSession()).stack.projects[0]?.services[0]?.processes[0];
  if (!process?.gunicorn) return { refused: undefined, values: {} };
  const values = valuesOf(process);
  if (process.refusals.length > 0) return { refused: true, values };
  return { refused: surelyStarts(process.gunicorn, given) ? false : undefined, values };
}

/** A configuration file may end Gunicorn in any of its statements; whether a folder is there only the image tells. */
function surelyStarts({ configurationFile, chdir }: GunicornSettings, given: GunicornCase): boolean {
  if (!configurationFile.known || configurationFile.value !== null || !chdir.known) return false;
  return Object.keys(programFiles(given)).some((path) => `/app/${path}`.startsWith(`${chdir.value}/`));
}

function valuesOf(process: Process): Readonly<Record<string, OurValue>> {
  const own = process.gunicorn;
  if (!own) return {};
  return {
    workers: plain(process.workers),
    threads: plain(process.threads),
    worker_class: plain(process.workerClass),
    worker_connections: plain(own.workerConnections),
    timeout: plain(process.timeoutSeconds),
    graceful_timeout: plain(process.gracefulTimeoutSeconds),
    keepalive: plain(own.keepAliveSeconds),
    max_requests: plain(process.maxRequests),
    max_requests_jitter: plain(own.maxRequestsJitter),
    backlog: plain(own.backlog),
    preload_app: plain(own.preload),
    reload: plain(process.reload),
    bind: plain(process.bind),
    worker_tmp_dir: plain(own.workerTmpDir),
    chdir: plain(own.chdir),
    application: plain(own.application),
    file: plain(mapValue(own.configurationFile, (file) => (file === null ? null : `/app/${file.path}`))),
  };
}

function plain(value: Value<PlainValue>): OurValue {
  return value.known ? { known: true, value: value.value } : { known: false, why: value.why };
}

const tellers = { compose: tellCompose, image: tellImage, script: tellScript };

const dockerfile = ['FROM python:3.12-slim', 'WORKDIR /app', 'COPY . .'];

function tellCompose({ words, environment }: GunicornCase): Readonly<Record<string, string>> {
  const escaped = (text: string) => JSON.stringify(text.replaceAll('$', '$$$$'));
  const variables = Object.entries(environment).map(([name, value]) => `      ${name}: ${escaped(value)}`);
  const compose = [
    'services:',
    '  web:',
    '    build: .',
    `    command: [${['gunicorn', ...words].map(escaped).join(', ')}]`,
    ...(variables.length > 0 ? ['    environment:', ...variables] : []),
  ];
  return { Dockerfile: `${dockerfile.join('\n')}\n`, 'compose.yaml': `${compose.join('\n')}\n` };
}

function tellImage({ words, environment }: GunicornCase): Readonly<Record<string, string>> {
  const lines = [
    ...dockerfile,
    ...Object.entries(environment).map(([name, value]) => `ENV ${name}=${quote(value)}`),
    `CMD ${JSON.stringify(['gunicorn', ...words])}`,
  ];
  return { Dockerfile: `${lines.join('\n')}\n`, 'compose.yaml': 'services:\n  web:\n    build: .\n' };
}

function tellScript({ words, environment }: GunicornCase): Readonly<Record<string, string>> {
  const script = [
    '#!/bin/sh',
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${quote(value)}`),
    `exec gunicorn ${words.map(quote).join(' ')}`,
  ];
  const lines = [...dockerfile, 'CMD ["sh", "start.sh"]'];
  return {
    Dockerfile: `${lines.join('\n')}\n`,
    'compose.yaml': 'services:\n  web:\n    build: .\n',
    'start.sh': `${script.join('\n')}\n`,
  };
}

function quote(text: string): string {
  return /^[\w./:=,-]+$/.test(text) ? text : `"${text.replace(/[\\"$`]/g, '\\$&')}"`;
}
