import { describe, expect, it } from 'vitest';
import { evaluateModule } from '../../../src/model/python/evaluate.ts';
import { readWorkspace } from '../../../src/model/read-workspace.ts';
import { createSession } from '../../../src/model/session.ts';
import { isAssumed } from '../../../src/model/value.ts';
import { workspaceOf } from '../stack-fixture.ts';
import { openProgram, show, sourceAt } from './python-test-program.ts';

const pydantic = `from pydantic_settings import BaseSettings, SettingsConfigDict
class Base(BaseSettings):
    model_config = SettingsConfigDict(env_file='.env', env_prefix='app_')
class Settings(Base):
    size: int = 5
x = Settings().size
`;
const pydantic1 = `from pydantic import BaseSettings
class Settings(BaseSettings):
    size: int = 5
    class Config:
        env_file = ".env"
x = Settings().size
`;
const dotenv = 'import os\nfrom dotenv import load_dotenv\nload_dotenv()\nx = int(os.getenv("SIZE", 5))\n';

describe('files of variables that the code reads itself', () => {
  it.each([
    ['pydantic, case-insensitive, with the prefix of a base', pydantic, 'app_SIZE=9\n', 9],
    ['pydantic 1', pydantic1, 'size=9\n', 9],
    ['python-dotenv', dotenv, 'SIZE=9\n', 9],
    ['Starlette', "from starlette.config import Config\nx = Config('.env')('SIZE', cast=int)\n", 'SIZE="9"\n', 9],
    ['environs', "from environs import Env\nenv = Env()\nenv.read_env()\nx = env.int('SIZE')\n", 'SIZE=9\n', 9],
    ['a name that the file does not hold', pydantic, 'OTHER=9\n', 5],
  ])('%s', (_, text, file, expected) => {
    const program = openProgram({ 'main.py': text, '.env': file });
    const value = evaluateModule(sourceAt(program, 'main.py'), program).get('x');
    expect([show(value), value && isAssumed(value)]).toEqual([expected, false]);
  });

  it.each([
    ['the environment wins', { '.env': 'APP_SIZE=9\n' }, { APP_SIZE: '7' }, 7, false],
    ['an example stands in', { '.env.example': 'APP_SIZE=9\n' }, {}, 9, true],
    ['without the file the default is assumed', {}, {}, 5, true],
  ])('%s', (_, files, environment, expected, assumed) => {
    const program = openProgram({ 'main.py': pydantic, ...files }, { environment });
    const value = evaluateModule(sourceAt(program, 'main.py'), program).get('x');
    expect([show(value), value && isAssumed(value)]).toEqual([expected, assumed]);
  });

  it.each([
    ['copied with the code', 'COPY . .', '', 9, false],
    ['not copied', 'COPY app.py .', '', 5, false],
    ['mounted', 'COPY app.py .', '    volumes: ["./.env:/srv/.env:ro"]\n', 9, false],
  ])('in a container: %s', (_, copy, volumes, expected, assumed) => {
    const workspace = workspaceOf({
      'compose.yaml': `services:\n  web:\n    build: .\n${volumes}`,
      Dockerfile: `FROM python:3.12-slim\nWORKDIR /srv\n${copy}\nCMD ["gunicorn", "app:app"]\n`,
      'app.py': `${dotenv}from sqlalchemy import create_engine\nengine = create_engine("postgresql://db/x", pool_size=x)\n`,
      '.env': 'SIZE=9\n',
    });
    const { projects } = readWorkspace(workspace, createSession()).stack;
    const size = projects[0]?.services[0]?.processes[0]?.pools[0]?.size;
    expect([size?.known && size.value, size && isAssumed(size)]).toEqual([expected, assumed]);
  });
});
