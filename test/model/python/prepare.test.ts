import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/model/pausable.ts';
import { openProgram, sourceAt } from './python-test-program.ts';

describe('a file that is prepared', () => {
  const texts = {
    'app.py':
      'from names import *\nfrom sizes import SIZE\nimport setup\nimport later\nTWICE = SIZE * 2\ndef f():\n    later.go()\n',
    'names.py': 'A = 1\n',
    'sizes.py': 'SIZE = 2\n',
    'setup.py': 'import os\nos.environ.setdefault("A", "1")\n',
    'later.py': 'def go(): pass\n',
  };

  it('is parsed with what its import runs, and with nothing else', () => {
    const program = openProgram(texts);
    finish(program.prepare(sourceAt(program, 'app.py')));
    const parsed = Object.keys(texts).filter((path) => sourceAt(program, path).derived.has('python'));
    expect(parsed).toEqual(['app.py', 'names.py', 'sizes.py', 'setup.py']);
  });

  it('offers pauses while a large file is parsed', () => {
    const program = openProgram({ 'large.py': 'A = [1, 2, 3]\n'.repeat(2000) });
    const steps = [...program.prepare(sourceAt(program, 'large.py'))];
    expect(steps.length).toBeGreaterThan(20);
    expect(program.parse(sourceAt(program, 'large.py')).body).toHaveLength(2000);
  });
});
