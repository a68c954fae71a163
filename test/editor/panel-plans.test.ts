import { describe, expect, it } from 'vitest';
import type { FolderAnalysis } from '../../src/editor/folder-analysis.ts';
import type { Folders } from '../../src/editor/folders.ts';
import { panelTargets, targetOfFile, targetOfFinding } from '../../src/editor/panel-plans.ts';
import { analyse } from '../../src/engine/analyse.ts';
import { createSession } from '../../src/model/session.ts';
import { rules } from '../../src/rules/index.ts';
import { workspaceOf } from '../model/stack-fixture.ts';

const engine = (size: number) => `from sqlalchemy import create_engine
engine = create_engine('postgresql://db/app', pool_size=${size}, max_overflow=0)
`;
const image = 'FROM python:3.12\nWORKDIR /app\nCOPY . .\n';
const files = {
  'compose.yaml': `services:
  shop:
    build: shop
    command: gunicorn -w 1 --threads 1 app:app
  admin:
    build: admin
    command: gunicorn -w 40 --threads 8 app:app
  db:
    image: postgres:16
`,
  'shop/Dockerfile': image,
  'shop/app.py': engine(4),
  'admin/Dockerfile': image,
  'admin/app.py': engine(2),
};

describe('the panel opens for the web server', () => {
  const { folders, folder } = openFolder();
  const nameOf = (id: string | undefined) => panelTargets(folders).find((one) => one.id === id)?.target.service.name;

  it('that a finding names', () => {
    const findings = (folder.result?.findings ?? []).filter(({ subject }) => subject === 'admin');
    expect(findings.map(({ rule }) => rule)).toContain('pool-undersized');
    for (const finding of findings) expect(nameOf(targetOfFinding(folders, { folder, finding }))).toBe('admin');
  });

  it('whose project a finding about a store belongs to', () => {
    const finding = folder.result?.findings.find(({ subject }) => subject === 'db');
    expect(finding?.rule).toMatch(/^connections-/);
    expect(finding && nameOf(targetOfFinding(folders, { folder, finding }))).toBe('shop');
  });

  it('that a file starts or that reads it, else for none', () => {
    const files = ['admin/app.py', 'compose.yaml', 'elsewhere.py'];
    expect(files.map((path) => nameOf(targetOfFile(folders, { folder, path })))).toEqual(['admin', 'shop', undefined]);
  });
});

/** A folder as the editor's host keeps it, after its analysis. */
function openFolder(): { readonly folders: Folders; readonly folder: FolderAnalysis } {
  const analysis = analyse({ workspace: workspaceOf(files), session: createSession(), rules });
  const folder = {
    folder: { uri: { toString: () => 'file:///shop' }, name: 'shop' },
    result: { analysis, findings: analysis.report.findings },
  } as unknown as FolderAnalysis;
  return { folder, folders: { all: () => [folder] } as unknown as Folders };
}
