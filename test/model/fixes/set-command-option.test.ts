import { describe, expect, test } from 'vitest';
import { setCommandOption, setCommandOptions } from '../../../src/model/fixes/set-command-option.ts';
import { setServerOptions, setServiceCommand } from '../../../src/model/fixes/set-service-command.ts';
import { fixStack, processIn, refuseStack, serviceIn, storeIn } from './fix-fixture.ts';

const workers = { flag: '--workers', aliases: ['-w'], value: '4' };
const timeout = { flag: '--timeout', aliases: ['-t'], value: '60' };

function fixImage(command: string, options = [workers]): string | undefined {
  const texts = {
    Dockerfile: `FROM python:3.12-slim\nWORKDIR /app\n${command}\n`,
    'compose.yaml': 'services:\n  web:\n    build: .\n',
  };
  const fixed = fixStack(texts, (project) => setCommandOptions(processIn(project).command, options));
  return fixed.Dockerfile?.split('\n').slice(2, -1).join('\n');
}

function composeWith(command: string): string {
  return `services:\n  web:\n    image: shop\n${command}    restart: always\n`;
}

function fixCompose(command: string, options = [workers]): string | undefined {
  const texts = { 'compose.yaml': composeWith(command) };
  const fixed = fixStack(texts, (project) => setCommandOptions(processIn(project).command, options));
  return fixed['compose.yaml']?.split('\n').slice(3, -2).join('\n');
}

const refuseCompose = (command: string, before = '') =>
  refuseStack({ 'compose.yaml': before + composeWith(command) }, (project) =>
    setCommandOption(processIn(project).command, workers),
  );

test('options of a server that a script starts are refused', () => {
  const refused = 'a script of the project starts the server';
  for (const command of ['python run.py', 'python3 -u ./app/run.py', './run.py'])
    expect(refuseCompose(`    command: ${command}\n`), command).toBe(refused);
  expect(fixCompose('    command: python -m gunicorn app:app\n')).toContain('--workers 4');
});

describe('options that are written', () => {
  test.each([
    ['CMD ["gunicorn", "--workers", "2", "app:app"]', 'CMD ["gunicorn", "--workers", "4", "app:app"]'],
    ['CMD ["gunicorn", "--workers=2", "app:app"]', 'CMD ["gunicorn", "--workers=4", "app:app"]'],
    ['CMD gunicorn -w 2 app:app # two', 'CMD gunicorn -w 4 app:app # two'],
    ['CMD gunicorn -w2 app:app', 'CMD gunicorn -w4 app:app'],
    ['CMD gunicorn \\\n    -w 2 \\\n    app:app', 'CMD gunicorn \\\n    -w 4 \\\n    app:app'],
    ['CMD gunicorn -w ${WEB_WORKERS:-2} app:app', 'CMD gunicorn -w ${WEB_WORKERS:-4} app:app'],
    ['CMD ["sh", "-c", "gunicorn -w 2 app:app"]', 'CMD ["sh", "-c", "gunicorn -w 4 app:app"]'],
  ])('are replaced in %s', (before, after) => {
    expect(fixImage(before)).toBe(after);
  });

  test('are replaced in compose lists and strings', () => {
    expect(fixCompose('    command: gunicorn --workers 2 app:app # two\n')).toBe(
      '    command: gunicorn --workers 4 app:app # two',
    );
    expect(fixCompose('    command:\n      - gunicorn\n      - -w\n      - "2"\n      - app:app\n')).toBe(
      '    command:\n      - gunicorn\n      - -w\n      - "4"\n      - app:app',
    );
    expect(fixCompose("    command: 'gunicorn -w ${W:-2} app:app'\n")).toBe(
      "    command: 'gunicorn -w ${W:-4} app:app'",
    );
  });

  test('are replaced where the variable that gives them is written', () => {
    const texts = { 'compose.yaml': composeWith('    command: gunicorn -w $N app:app\n'), '.env': 'N=2 # two\n' };
    expect(fixStack(texts, (project) => setCommandOption(processIn(project).command, workers))).toEqual({
      '.env': 'N=4 # two\n',
    });
  });
});

describe('new options', () => {
  test.each([
    ['CMD ["gunicorn", "app:app"]', 'CMD ["gunicorn", "--workers", "4", "app:app"]'],
    ['CMD [ "gunicorn", \\\n  "app:app" ]', 'CMD [ "gunicorn", "--workers", "4", \\\n  "app:app" ]'],
    [
      'CMD ["gunicorn", "--bind=0.0.0.0:8000", "app:app"]',
      'CMD ["gunicorn", "--workers=4", "--bind=0.0.0.0:8000", "app:app"]',
    ],
    ['CMD gunicorn app:app', 'CMD gunicorn --workers 4 app:app'],
    ['CMD exec gunicorn \\\n  app:app', 'CMD exec gunicorn --workers 4 \\\n  app:app'],
    ['CMD ["sh", "-c", "exec gunicorn app:app"]', 'CMD ["sh", "-c", "exec gunicorn --workers 4 app:app"]'],
    ['ENTRYPOINT ["gunicorn"]\nCMD ["app:app"]', 'ENTRYPOINT ["gunicorn", "--workers", "4"]\nCMD ["app:app"]'],
    ['CMD ["python", "-m", "gunicorn", "app:app"]', 'CMD ["python", "-m", "gunicorn", "--workers", "4", "app:app"]'],
    [
      'CMD ["newrelic-admin", "run-program", "gunicorn", "app:app"]',
      'CMD ["newrelic-admin", "run-program", "gunicorn", "--workers", "4", "app:app"]',
    ],
  ])('go behind the program: %s', (before, after) => {
    expect(fixImage(before)).toBe(after);
  });

  test('go to the end where a subcommand or file must come first', () => {
    const option = [{ flag: '--concurrency', aliases: ['-c'], value: '2' }];
    expect(fixImage('CMD celery -A shop worker -l info', option as never)).toBe(
      'CMD celery -A shop worker -l info --concurrency 2',
    );
    expect(fixImage('CMD celery -A shop worker \\\n    -l info', option as never)).toBe(
      'CMD celery -A shop worker \\\n    -l info \\\n    --concurrency 2',
    );
    expect(fixImage('CMD ["celery", "-A", "shop", "worker"]', option as never)).toBe(
      'CMD ["celery", "-A", "shop", "worker", "--concurrency", "2"]',
    );
  });

  test('of one fix stand together', () => {
    expect(fixImage('CMD ["gunicorn", "app:app"]', [workers, timeout])).toBe(
      'CMD ["gunicorn", "--workers", "4", "--timeout", "60", "app:app"]',
    );
    expect(fixImage('CMD gunicorn -t 30 app:app', [workers, timeout])).toBe('CMD gunicorn --workers 4 -t 60 app:app');
  });

  test.each([
    ['    command: gunicorn app:app # app\n', '    command: gunicorn --workers 4 app:app # app'],
    ['    command: "gunicorn app:app"\n', '    command: "gunicorn --workers 4 app:app"'],
    ["    command: sh -c 'gunicorn app:app'\n", "    command: sh -c 'gunicorn --workers 4 app:app'"],
    ['    command: ["gunicorn", "app:app"]\n', '    command: ["gunicorn", "--workers", "4", "app:app"]'],
    ['    command: [gunicorn, app:app]\n', "    command: [gunicorn, --workers, '4', app:app]"],
    [
      '    command: [\n      "gunicorn", # server\n      "app:app",\n    ]\n',
      '    command: [\n      "gunicorn", # server\n      "--workers", "4",\n      "app:app",\n    ]',
    ],
    [
      '    command:\n      - gunicorn # server\n      - app:app\n',
      "    command:\n      - gunicorn # server\n      - --workers\n      - '4'\n      - app:app",
    ],
    [
      '    command:\n    -   "gunicorn"\n    -   "app:app"\n',
      '    command:\n    -   "gunicorn"\n    -   "--workers"\n    -   "4"\n    -   "app:app"',
    ],
    ['    command: |\n      gunicorn\n      app:app\n', '    command: |\n      gunicorn --workers 4\n      app:app'],
    [
      '    command:\n      - bash\n      - -c\n      - |\n        python manage.py migrate\n        exec gunicorn app:app\n',
      '    command:\n      - bash\n      - -c\n      - |\n        python manage.py migrate\n        exec gunicorn --workers 4 app:app',
    ],
  ])('fit into compose: %s', (before, after) => {
    expect(fixCompose(before)).toBe(after);
  });

  test('go into the script that the image starts', () => {
    const texts = {
      Dockerfile: 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["/app/start.sh"]\n',
      'compose.yaml': 'services:\n  web:\n    build: .\n',
      'start.sh': '#!/bin/sh\nset -e\nexec venv/bin/gunicorn app:app \\\n    --bind 0.0.0.0:8000 \\\n    "$@"\n',
    };
    expect(fixStack(texts, (project) => setCommandOption(processIn(project).command, workers))).toEqual({
      'start.sh': texts['start.sh'].replace('gunicorn app', 'gunicorn --workers 4 app'),
    });
  });

  test('are refused where the text cannot be edited in place', () => {
    expect(refuseCompose('    command: >\n      gunicorn\n      app:app\n')).toMatch(/folded/);
    expect(refuseCompose('    command: "gunicorn --access-logformat \\"%s\\" app:app"\n')).toMatch(/escapes|one place/);
    expect(refuseCompose('    command: $GUNICORN -b :80\n')).toMatch(/one place/);
    expect(refuseCompose('    command: *c\n', 'x-c: &c gunicorn app:app\n')).toMatch(/anchor c/);
    expect(refuseCompose('    command: gunicorn --workers ${W:-2}0 app:app\n')).toMatch(/not written as one text/);
  });

  test('are refused when they need quotes', () => {
    const refused = refuseStack({ 'compose.yaml': composeWith('    command: gunicorn app:app\n') }, (project) =>
      setCommandOption(processIn(project).command, { flag: '--access-logformat', value: '%(h)s %(l)s' }),
    );
    expect(refused).toMatch(/quotes/);
  });
});

describe('stores', () => {
  const memory = [
    { flag: '--maxmemory', value: '512mb', style: 'blank' },
    { flag: '--maxmemory-policy', value: 'noeviction', style: 'blank' },
  ] as const;
  const fixRedis = (text: string) =>
    fixStack({ 'compose.yaml': text }, (project) =>
      setServerOptions(
        { command: storeIn(project, 'redis').command, service: serviceIn(project, 'redis'), program: ['redis-server'] },
        memory,
      ),
    )['compose.yaml'];

  test('a command is extended at its end', () => {
    expect(
      fixRedis('services:\n  redis:\n    image: redis:7\n    command: redis-server /etc/redis.conf --appendonly yes\n'),
    ).toBe(
      'services:\n  redis:\n    image: redis:7\n    command: redis-server /etc/redis.conf --appendonly yes --maxmemory 512mb --maxmemory-policy noeviction\n',
    );
    expect(
      fixRedis('services:\n  redis:\n    image: redis:7\n    command: ["redis-server", "--maxmemory", "1gb"]\n'),
    ).toBe(
      'services:\n  redis:\n    image: redis:7\n    command: ["redis-server", "--maxmemory", "512mb", "--maxmemory-policy", "noeviction"]\n',
    );
  });

  test('a missing command is written', () => {
    expect(fixRedis('services:\n  redis:\n    image: redis:7\n    volumes: [data:/data]\n')).toBe(
      'services:\n  redis:\n    image: redis:7\n    command: ["redis-server", "--maxmemory", "512mb", "--maxmemory-policy", "noeviction"]\n    volumes: [data:/data]\n',
    );
    const blocks =
      'services:\n  redis:\n    image: redis:7\n  web:\n    image: shop\n    command:\n      - gunicorn\n      - app:app\n';
    expect(fixRedis(blocks)).toContain(
      'image: redis:7\n    command:\n      - redis-server\n      - --maxmemory\n      - 512mb\n      - --maxmemory-policy\n      - noeviction\n  web:'.replace(
        '- 512mb',
        "- '512mb'",
      ),
    );
  });

  test('MySQL takes name=value words without a program', () => {
    const options = [
      { flag: '--slow_query_log', value: '1', style: 'equals' },
      { flag: '--long_query_time', value: '2', style: 'equals' },
    ] as const;
    const fixMysql = (text: string) =>
      fixStack({ 'compose.yaml': text }, (project) =>
        setServerOptions(
          { command: storeIn(project, 'db').command, service: serviceIn(project, 'db'), program: [] },
          options,
        ),
      )['compose.yaml'];
    expect(
      fixMysql(
        'services:\n  db:\n    image: mysql:8\n    command:\n      - --character-set-server=utf8mb4\n      - --long-query-time=10\n',
      ),
    ).toBe(
      'services:\n  db:\n    image: mysql:8\n    command:\n      - --character-set-server=utf8mb4\n      - --long-query-time=2\n      - --slow_query_log=1\n',
    );
    expect(fixMysql('services:\n  db:\n    image: mysql:8\n    command: --skip-name-resolve --slow-query-log\n')).toBe(
      'services:\n  db:\n    image: mysql:8\n    command: --skip-name-resolve --slow-query-log=1 --long_query_time=2\n',
    );
  });

  test('PostgreSQL keeps its -c settings apart', () => {
    const options = [
      { flag: '-c', value: 'max_connections=150' },
      { flag: '-c', value: 'shared_buffers=512MB' },
    ];
    const fixed = fixStack(
      {
        'compose.yaml':
          'services:\n  db:\n    image: postgres:16\n    command: postgres -c max_connections=100 -c work_mem=8MB\n',
      },
      (project) => setCommandOptions(storeIn(project, 'db').command as never, options),
    );
    expect(fixed['compose.yaml']).toContain(
      'postgres -c max_connections=150 -c work_mem=8MB -c shared_buffers=512MB\n',
    );
  });

  test('a command is not written twice', () => {
    const text = 'services:\n  redis:\n    image: redis:7\n    command: redis-server\n';
    expect(
      refuseStack({ 'compose.yaml': text }, (project) =>
        setServiceCommand(serviceIn(project, 'redis'), ['redis-server']),
      ),
    ).toMatch(/already/);
  });
});
