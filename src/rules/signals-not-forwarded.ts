import { prependExec } from '../model/fixes/shell-form.ts';
import { nameOf } from '../model/workspace.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'signals-not-forwarded',
  on: 'process',
  severity: 'warning',
  production: true,
  summary: 'A shell is the first process of the container and does not pass the stop signal on to the server.',
  why: `Docker sends the stop signal to process 1 of the container only. When that is a shell which started the server as a child, the shell waits for its child and does nothing with the signal. The server never learns that it should stop: it takes new requests for the whole stop period (10 s) and is then killed in the middle of them. Every deployment loses requests and takes 10 s longer.

A script file does so unless it starts the server with \`exec\`, which puts the server in the shell's place. \`sh -c\` and the shell form of CMD do so where \`sh\` is dash, as on Debian and its Python images; bash and busybox replace themselves with the last simple command of \`-c\`.

\`exec\` in front of the server, the exec form of CMD, or an init (\`init: true\`, tini) mend it.`,
  references: [
    'Dockerfile reference: CMD and ENTRYPOINT, shell form and exec form',
    'Docker documentation: docker stop; Compose specification: services, init',
  ],
  messages: {
    script:
      '{program} never gets the stop signal: {file} starts it without exec. The container is killed with work in hand; put exec in front.',
    shell:
      '{program} never gets the stop signal: the shell in front of it (dash) keeps it. The container is killed with work in hand; put exec in front.',
    exec: 'Put exec in front: the server takes the place of the shell',
  },
  *check({ process, service }) {
    const { forwarded, blockedAt, blockedBy } = process.signals;
    if (!forwarded.known || forwarded.value || !blockedAt || !blockedBy) return;
    if (process.server === 'other' || process.server === 'unknown') return;
    yield {
      at: blockedAt,
      subject: service.name,
      message: {
        says: blockedBy,
        with: { program: nameOf(process.command.words[0]?.text ?? ''), file: nameOf(blockedAt.source.path) },
      },
      trail: process.command.trail,
      fixes: () => [{ title: { says: 'exec' }, safety: 'review', edits: prependExec(blockedAt) }],
    };
  },
});
