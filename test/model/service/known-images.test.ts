import { expect, it } from 'vitest';
import { readWorkspace } from '../../../src/model/read-workspace.ts';
import { createSession } from '../../../src/model/session.ts';
import { workspaceOf } from '../stack-fixture.ts';

function storesOf(compose: string): readonly string[] {
  const { projects } = readWorkspace(workspaceOf({ 'compose.yaml': compose }), createSession()).stack;
  return projects.flatMap(({ stores }) => stores.map(({ name, engine }) => `${name} ${engine}`));
}

it('takes an image that upgrades PostgreSQL for the server, unless it ends after the upgrade', () => {
  const compose = 'services:\n  db:\n    image: pgautoupgrade/pgautoupgrade:17-bookworm\n';
  expect(storesOf(compose)).toEqual(['db postgresql']);
  expect(storesOf(`${compose}    environment: {PGAUTO_ONESHOT: "yes"}\n`)).toEqual([]);
});
