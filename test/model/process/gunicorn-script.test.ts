import { describe, expect, it } from 'vitest';
import { readWorkspace } from '../../../src/model/read-workspace.ts';
import { createSession } from '../../../src/model/session.ts';
import type { Process } from '../../../src/model/stack.ts';
import { isAssumed, knownValue } from '../../../src/model/value.ts';
import { textAt } from '../../../src/text/span.ts';
import { workspaceOf } from '../stack-fixture.ts';

const imports = 'import os\nfrom gunicorn.app.base import BaseApplication\n';
const application = `
class StandaloneApplication(BaseApplication):
    def __init__(self, app, options=None):
        self.options = options or {}
        self.application = app
        super().__init__()

    def load_config(self):
        config = {key: value for key, value in self.options.items() if key in self.cfg.settings and value is not None}
        for key, value in config.items():
            self.cfg.set(key.lower(), value)

    def load(self):
        return self.application
`;
const main = `
if __name__ == '__main__':
    options = {'bind': '0.0.0.0:80', 'workers': int(os.environ.get('SHOP_WORKERS', '3')), 'threads': 2, 'timeout': None}
    StandaloneApplication(object(), options).run()
`;

function processOf(script: string, more: Readonly<Record<string, string>> = {}): Process {
  const texts = {
    'compose.yaml': 'services:\n  web:\n    build: .\n',
    Dockerfile:
      'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nENV GUNICORN_CMD_ARGS="--workers 9"\nCMD ["python", "serve.py"]\n',
    'serve.py': script,
    ...more,
  };
  const process = readWorkspace(workspaceOf(texts), createSession()).stack.projects[0]?.services[0]?.processes[0];
  if (!process) throw new Error('no process found');
  return process;
}

describe('Gunicorn that a script starts', () => {
  it('has the settings of the options, and defaults for the others', () => {
    const process = processOf(`${imports}${application}${main}`);
    expect(process.server).toBe('gunicorn');
    expect([process.workers, process.threads, process.timeoutSeconds].map(knownValue)).toEqual([3, 2, 30]);
    expect(knownValue(process.workerClass)).toBe('gthread');
    expect(knownValue(process.bind)).toEqual(['0.0.0.0:80']);
    expect(textAt(process.threads.at)).toBe('2');
    expect(isAssumed(process.workers)).toBe(false);
  });

  it('reads neither its own file nor GUNICORN_CMD_ARGS', () => {
    const process = processOf(`${imports}${application}${main}`, { 'gunicorn.conf.py': 'workers = 8\nworker = 1\n' });
    expect(knownValue(process.workers)).toBe(3);
    expect(process.gunicorn?.misnamed).toEqual([]);
    expect(process.gunicorn?.missedFile).toBeUndefined();
    expect(knownValue(process.gunicorn?.configurationFile)).toBe(null);
  });

  it('is found in a function that the script calls, and where the class is imported', () => {
    const called = `\ndef main():\n    options = {'workers': 5}\n    StandaloneApplication(object(), options).run()\n\nmain()\n`;
    expect(knownValue(processOf(`${imports}${application}${called}`).workers)).toBe(5);
    const imported = processOf(`import os\nfrom shop.web import StandaloneApplication  # gunicorn\n${main}`, {
      'shop/__init__.py': '',
      'shop/web.py': `${imports}${application}`,
    });
    expect(knownValue(imported.workers)).toBe(3);
  });

  it('has unknown settings where its options are not known', () => {
    const unread = `\nimport shop\nStandaloneApplication(object(), shop.options()).run()\n`;
    const process = processOf(`${imports}${application}${unread}`);
    expect([process.server, process.workers.known, process.timeoutSeconds.known]).toEqual(['gunicorn', false, false]);
  });

  it.each([
    [
      'sets more than the options',
      application.replace('key.lower(), value)', 'key.lower(), value)\n        self.cfg.set("workers", 7)'),
    ],
    ["is not Gunicorn's", application.replace('(BaseApplication)', '(object)')],
  ])('is not told of a class that %s', (_, text) => {
    expect(processOf(`${imports}${text}${main}`).server).toBe('python');
  });
});
