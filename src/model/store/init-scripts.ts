import type { SourceText } from '../../text/source-text.ts';
import { known } from '../value.ts';
import { hiddenStep } from './configuration-files.ts';
import { readServerImage } from './server-image.ts';
import type { StoreInput } from './store-input.ts';
import type { SettingStep } from './store-settings.ts';

const folder = '/docker-entrypoint-initdb.d';

/**
 * Settings that the scripts of the image's first start leave behind: `ALTER SYSTEM SET` of PostgreSQL, `SET PERSIST` of
 * MySQL 8 and later. A script that touches the configuration files hides what they hold.
 */
export function readInitScripts(input: StoreInput, how: { persists: boolean }): readonly SettingStep[] {
  if (readServerImage(input.image).family !== 'official') return [];
  const statement = input.engine === 'postgresql' ? alterSystem : setPersist;
  return input.namesIn(folder).flatMap((name): SettingStep[] => {
    const source = input.fileAt(`${folder}/${name}`);
    if (!source) return [];
    const touched = /\.sh$/.test(name) && /postgresql\.(auto\.)?conf|my\.cnf|\/conf\.d/.test(source.text);
    if (touched) return [hiddenStep(`${source.path} changes the configuration`, input)];
    if (input.engine === 'mysql' && !how.persists) return [];
    return statements(source, statement);
  });
}

const alterSystem = /^[^\S\n]*alter\s+system\s+set\s+([a-z_.]+)\s*(?:=|\bto\b)\s*'?([^';\s]+)'?\s*;/gim;
const setPersist = /^[^\S\n]*set\s+(?:persist\s+|@@persist\.)([a-z_]+)\s*=\s*'?([^';\s]+)'?\s*;/gim;

function statements(source: SourceText, pattern: RegExp): SettingStep[] {
  return [...source.text.matchAll(pattern)].map((match) => {
    const [all, name = '', text = ''] = match;
    const start = match.index + all.lastIndexOf(text);
    const at = { source, span: { start, end: start + text.length } };
    return {
      name: name.toLowerCase(),
      value: known(text, at, [{ at, says: `${name} set by ${source.path}` }]),
    };
  });
}
