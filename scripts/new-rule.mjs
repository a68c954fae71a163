// `npm run new-rule <id> <subject>`: writes a rule and its fixture, which fail until they are filled in.
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const subjects = ['project', 'service', 'process', 'pool', 'store'];
const [id = '', subject = ''] = process.argv.slice(2);

const problem = findProblem();
if (problem) {
  process.stderr.write(`${problem}\nUsage: npm run new-rule <id-in-kebab-case> <${subjects.join('|')}>\n`);
  process.exitCode = 2;
} else {
  for (const [path, text] of [
    [`src/rules/${id}.ts`, ruleText()],
    [`test/rules/${id}.md`, fixtureText()],
  ]) {
    writeFileSync(join(repository, path), text);
    process.stdout.write(`${path}\n`);
  }
  const generate = spawnSync(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'scripts/generate.ts'], {
    cwd: repository,
    stdio: 'inherit',
  });
  process.exitCode = generate.status ?? 1;
}

function findProblem() {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) return `"${id}" is not an id in kebab-case.`;
  if (!subjects.includes(subject)) return `"${subject}" is not a subject.`;
  return existsSync(join(repository, `src/rules/${id}.ts`)) ? `src/rules/${id}.ts exists.` : undefined;
}

function ruleText() {
  return `import { defineRule } from './rule.ts';

export default defineRule({
  id: '${id}',
  on: '${subject}',
  severity: 'warning',
  summary: 'What it finds, in one line.',
  why: 'Why it matters and how the arithmetic goes.',
  references: ['Program, document: section (version)'],
  messages: {
    found: 'Verdict with {number}; the remedy.',
  },
  noFix: 'Why no edit is safe; remove this line when the rule offers one.',
  *check({ ${subject} }) {
    if (${subject} !== undefined) return;
  },
});
`;
}

function fixtureText() {
  return `# ${id}

## The bad case

\`\`\`yaml compose.yaml
services:
  web:
    image: example/web:1
           ^^^^^^^^^^^^^ warning: Verdict with 1; the remedy.
\`\`\`

## The good case

\`\`\`yaml compose.yaml
services:
  web:
    image: example/web:1
\`\`\`

## The value cannot be known

\`\`\`yaml compose.yaml
services:
  web:
    image: \${IMAGE}
\`\`\`

## The nearest trap
`;
}
