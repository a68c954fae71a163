/**
 * A diff without the secrets that its lines hold: values of variables named like one, passwords in addresses, and the
 * arguments with which Redis and MySQL take theirs. Reports are passed on; a value that comes from a variable stays.
 */
export function withoutSecrets(diff: string): string {
  return secrets.reduce((text, pattern) => text.replace(pattern, hideValue), diff);
}

/** Puts stars between what stands before the value (and its quote) and what stands behind it. */
function hideValue(_: string, before: string, quote: string | undefined, after: string | undefined): string {
  return `${before}${quote ?? ''}***${quote ?? ''}${typeof after === 'string' ? after : ''}`;
}

const name = '(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIAL|PRIVATE|_KEY|_DSN|_PASS|_PWD)';
/** A value from a variable; one with a default holds the secret itself. */
const variable = '\\$(?:\\w+|\\{\\w+(?::?\\?[^}]*)?\\})';

const secrets: readonly RegExp[] = [
  // "api_key": "hunter2", of which the rest of the line may be the change.
  new RegExp(`(${name}\\w*["']?\\s*[:=]\\s*)(["'])(?!${variable}\\2)(?:\\\\.|(?!\\2)[^\\n\\\\])*\\2()`, 'gi'),
  // { POSTGRES_PASSWORD: hunter2, POSTGRES_DB: shop }: in YAML's braces a value ends with the comma or the brace.
  new RegExp(`(?<=\\{[^{}\\n]*)(${name}\\w*:[ \\t]+)()(?!["'\\s?*]|${variable})[^,{}()"'[\\]\\n]+([,}])`, 'gi'),
  // POSTGRES_PASSWORD: hunter2, DB_PASS=hunter2
  new RegExp(`(${name}\\w*["']?[ \\t]*[:=][ \\t]*)()(?!["'\\s?]|\\*{3}[,}]|${variable}).+()`, 'gi'),
  // postgresql://shop:hunter2@db/shop
  new RegExp(`(:\\/\\/[^:/@\\s'"]*:)()(?!${variable}@)[^@\\s'"]+(@)`, 'g'),
  // --requirepass hunter2, also as items of a list on one line or several
  new RegExp(
    `(\\b(?:requirepass|masterauth)["']?(?:[ \\t]*,[ \\t]*|[ \\t=]+|\\s*\\n[ +-]\\s*-\\s+)["']?)()(?!\\$?${variable})[^\\s"',\\]]+()`,
    'gi',
  ),
  // redis-cli -a hunter2
  new RegExp(`(\\bredis-cli\\b[^\\n]*?[\\s"']-a["']?[ \\t,]+["']?)()(?!\\$?${variable})[^\\s"',\\]]+()`, 'g'),
  // mysqladmin ping -phunter2
  new RegExp(`(\\b(?:mysql|mariadb)\\w*\\b[^\\n]*?[\\s"']-p)()(?!\\$?${variable})[^\\s"',\\]]+()`, 'g'),
];
