import { describe, expect, it } from 'vitest';
import { formatStackJson } from '../../../src/cli/report-json.ts';
import { readWorkspace } from '../../../src/model/read-workspace.ts';
import { createSession } from '../../../src/model/session.ts';
import { createSourceText, type SourceText } from '../../../src/text/source-text.ts';
import type { Location } from '../../../src/text/span.ts';

type Texts = Record<string, string>;

const compose = (web: string) => `services:\n  web:\n    image: x\n    command: gunicorn app:app\n${web}`;
const app =
  'import os\nfrom sqlalchemy import create_engine\nfrom sizes import SIZE\n' +
  'url = os.environ["DATABASE_URL"]\n' +
  'engine = create_engine(url, pool_size=int(os.getenv("POOL", SIZE)), max_overflow=int(os.getenv("OVERFLOW", "1")))\n';
const files: Texts = {
  'compose.yaml': compose('    env_file: web.env\n'),
  'web.env': 'DATABASE_URL=postgresql://u:p@db/x\nPOOL=5\nOVERFLOW=5\n',
  'app.py': app,
  'sizes.py': 'SIZE = 3\n',
};

describe('what code gave before', () => {
  it('follows a value that changes and changes back', () => {
    const other = { ...files, 'web.env': 'DATABASE_URL=postgresql://u:p@db/x\nPOOL=50\nOVERFLOW=5\n' };
    expectSameAsFresh(files, other, files, other);
  });

  it('follows variables that move, in their file or to another', () => {
    expectSameAsFresh(
      files,
      { ...files, 'web.env': `# first\n\n${files['web.env']}` },
      { ...files, 'web.env': 'OVERFLOW=5\nPOOL=5\nDATABASE_URL=postgresql://u:p@db/x\n' },
      { ...files, 'web.env': 'OVERFLOW=5\nPOOL=5\nDATABASE_URL=postgresql://u:p@db/x\nPOOL=5\n' },
      { ...files, 'compose.yaml': compose('    env_file: web.env\n    environment:\n      POOL: "5"\n') },
      { ...files, 'compose.yaml': compose('    env_file: [web.env, more.env]\n'), 'more.env': '\nPOOL=5\n' },
    );
  });

  it('follows what a variable wins over', () => {
    const wins = compose('    env_file: web.env\n    environment:\n      POOL: "5"\n');
    const others = 'DATABASE_URL=postgresql://u:p@db/x\n';
    const withEnv = (env: string): Texts => ({ ...files, 'compose.yaml': wins, 'web.env': others + env });
    expectSameAsFresh(
      withEnv('POOL=3\n'),
      withEnv('\nPOOL=4\n'),
      withEnv('POOL=4\n'),
      withEnv(''),
      withEnv('POOL=3\n'),
    );
  });

  it('follows the alternatives of a variable', () => {
    const branches = (elsewhere: string): Texts => ({
      ...files,
      'compose.yaml': 'services:\n  web:\n    build: .\n    command: ./start.sh\n',
      Dockerfile: `FROM python:3.13\nENV DATABASE_URL=postgresql://u:p@db/x\n${elsewhere}COPY . .\n`,
      'start.sh': 'if [ "$A" ]; then export POOL=5; fi\nexec gunicorn app:app\n',
    });
    expectSameAsFresh(branches('ENV POOL=6\n'), branches('ENV POOL=7\n'), branches('\nENV POOL=7\n'), branches(''));
  });

  it('keeps two variables apart that once had one place', () => {
    const interpolated = (web: string): Texts => ({
      ...files,
      '.env': 'N=5\nM=5\n',
      'compose.yaml': compose(`    env_file: web.env\n    environment:\n${web}`),
    });
    expectSameAsFresh(
      interpolated('      POOL: ${N}\n      OVERFLOW: ${N}\n'),
      interpolated('      POOL: ${N}\n      OVERFLOW: ${M}\n'),
      interpolated('      POOL: ${M}\n      OVERFLOW: ${N}\n'),
      interpolated('      POOL: ${N:-5}\n      OVERFLOW: ${N}\n'),
      { ...interpolated('      POOL: ${N:-5}\n      OVERFLOW: ${N}\n'), '.env': 'M=5\n' },
    );
  });

  it('notices a file that takes the place of an imported one while another goes', () => {
    const { 'sizes.py': sizes = '', ...others } = files;
    const packaged = { ...others, 'sizes/__init__.py': 'SIZE = 9\n', 'notes.txt': 'x' };
    const { 'notes.txt': _, ...shadowed } = { ...packaged, 'sizes.py': sizes };
    const withoutPool = { 'web.env': 'DATABASE_URL=postgresql://u:p@db/x\n' };
    expectSameAsFresh({ ...packaged, ...withoutPool }, { ...shadowed, ...withoutPool }, packaged, shadowed);
  });

  it('notices an env_file that comes or goes', () => {
    const { 'web.env': env = '', ...without } = files;
    expectSameAsFresh(files, without, files, { ...files, 'web.env': env.replace(/^POOL.*\n/m, '') });
  });

  it('notices that an env file which the code opens may be there after all', () => {
    const image = (more: string): Texts => ({
      'compose.yaml': 'services:\n  web:\n    build: .\n    command: gunicorn app:app\n',
      Dockerfile: `FROM python:3.13\nWORKDIR /srv\nENV DATABASE_URL=postgresql://u:p@db/x\nCOPY *.py ./\n${more}`,
      'app.py': `from dotenv import load_dotenv\nload_dotenv("/srv/.env")\n${app}`,
      'sizes.py': 'SIZE = 3\n',
      'conf/.env': 'POOL=9\n',
      'conf/notes.txt': '',
    });
    expectSameAsFresh(image('COPY conf/notes.txt ./\n'), image(''), image('COPY conf/notes.txt ./\n'));
  });

  it('is not kept for texts that are gone', () => {
    const host = createHost();
    const sizes = Array.from({ length: 20 }, (_, index) => {
      host.show({ ...files, 'sizes.py': `SIZE = ${index}\n`, 'web.env': 'DATABASE_URL=postgresql://u:p@db/x\n' });
      host.read();
      return [...host.session.remembered.values()].flat().length;
    });
    expect(sizes[19]).toBe(sizes[0]);
  });
});

/** Reads one state after the other in one session; each must be as if it were the first. */
function expectSameAsFresh(...states: readonly Texts[]): void {
  const host = createHost();
  for (const state of states) {
    host.show(state);
    const fresh = createHost();
    fresh.show(state);
    expect(host.read()).toBe(fresh.read());
  }
}

/** A host that changes its paths and texts in place, as the editor does. */
function createHost() {
  const session = createSession();
  const paths = new Set<string>();
  const texts = new Map<string, SourceText>();
  return {
    session,
    show(state: Texts) {
      for (const path of [...paths]) if (!(path in state) && paths.delete(path)) texts.delete(path);
      for (const [path, text] of Object.entries(state)) {
        paths.add(path);
        if (texts.get(path)?.text !== text) texts.set(path, createSourceText(path, text));
      }
    },
    read(): string {
      const { stack } = readWorkspace({ name: 'shop', paths, texts, skipped: new Map() }, session);
      const pools = stack.projects.flatMap((project) => project.services.flatMap((service) => service.processes));
      for (const at of pools.flatMap((process) => process.pools).flatMap((pool) => placesIn(pool, 0))) {
        expect(at.source).toBe(texts.get(at.source.path));
      }
      expect(pools.flatMap((process) => process.pools)).not.toEqual([]);
      return formatStackJson(stack.projects, (path) => path);
    },
  };
}

function placesIn(part: unknown, depth: number): Location[] {
  if (typeof part !== 'object' || part === null || depth > 12 || 'lineStarts' in part) return [];
  if ('source' in part && 'span' in part) return [part as Location];
  return Object.values(part).flatMap((inner) => placesIn(inner, depth + 1));
}
