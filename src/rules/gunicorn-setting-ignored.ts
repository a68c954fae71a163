import { replaceText } from '../model/fixes/replace-text.ts';
import { setCommandOption } from '../model/fixes/set-command-option.ts';
import { missedConfiguration } from '../plan/missed-configuration.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'gunicorn-setting-ignored',
  on: 'process',
  severity: 'warning',
  summary: 'A Gunicorn setting or configuration file has no effect, because Gunicorn looks for another name or place.',
  why: `Gunicorn takes from its configuration file the names it knows and passes over all others without a word. The names are case-sensitive: \`WORKERS = 7\` is a variable like any other, and one worker starts. \`preload = True\` does nothing either; the option is called \`--preload\`, the setting \`preload_app\`.

The file itself is found only as \`gunicorn.conf.py\` in the working directory. In any other folder it is read when \`-c\` names it, and otherwise never.

A name that the file uses again is taken for a helper, and nothing is said where the setting is also written under its own name.`,
  references: [
    'gunicorn/app/base.py: load_config_from_module_name_or_filename ("Ignore unknown names")',
    'gunicorn/config.py: get_default_config_file',
  ],
  messages: {
    name: '{name} sets nothing: Gunicorn ignores names it does not know. The setting is called {setting}.',
    rename: 'Write {setting}: Gunicorn then uses the value',
    file: '{file} is never read: Gunicorn looks for it in {folder}, and no -c names it.',
    load: 'Add --config {path}: its settings then take effect',
  },
  *check({ process, service }, { project }) {
    const { gunicorn } = process;
    if (process.server !== 'gunicorn' || !gunicorn) return;
    for (const { name, setting, at } of gunicorn.misnamed) {
      yield {
        at,
        subject: service.name,
        message: { says: 'name', with: { name, setting } },
        trail: [{ at, says: name }],
        fixes: () => [
          { title: { says: 'rename', with: { setting } }, safety: 'review', edits: replaceText(at, setting) },
        ],
      };
    }
    const missed = missedConfiguration(process, project);
    if (!missed) return;
    const option = { flag: '--config', aliases: ['-c'], value: missed.containerPath };
    yield {
      at: process.at,
      subject: service.name,
      message: { says: 'file', with: { file: missed.source.path, folder: missed.workingDirectory } },
      trail: [
        ...process.command.trail,
        { at: { source: missed.source, span: { start: 0, end: 0 } }, says: 'the file that is not read' },
      ],
      fixes: () => [
        {
          title: { says: 'load', with: { path: missed.containerPath } },
          safety: 'review',
          edits: setCommandOption(process.command, option),
        },
      ],
    };
  },
});
