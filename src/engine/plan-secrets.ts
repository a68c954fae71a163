/**
 * A diff without the secrets that its lines hold: values of variables named like one, passwords in addresses, and the
 * arguments with which Redis and MySQL take theirs. Reports are passed on; a value that comes from a variable stays.
 */
export function withoutSecrets(diff: string): string {
  return secrets.reduce((text, pattern) => text.replace(pattern, '$1***$2'), diff);
}

const secrets: readonly RegExp[] = [
  // POSTGRES_PASSWORD: hunter2, "api_key": "hunter2", DB_PASS=hunter2
  /^(.*(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIAL|PRIVATE|_KEY|_DSN|_PASS|_PWD)\w*["']?\s*[:=]\s*)(?!\s*$|["']?\$\{).+()$/gim,
  // postgresql://shop:hunter2@db/shop
  /(:\/\/[^:/@\s'"]*:)(?!\$\{)[^@\s'"]+(@)/g,
  // --requirepass hunter2, also as items of a list on one line or several
  /(\b(?:requirepass|masterauth)["']?(?:[ \t]*,[ \t]*|[ \t=]+|\s*\n[ +-]\s*-\s+)["']?)(?!\$)[^\s"',\]]+()/gi,
  // redis-cli -a hunter2
  /(\bredis-cli\b[^\n]*?[\s"']-a["']?[ \t,]+["']?)(?!\$)[^\s"',\]]+()/g,
  // mysqladmin ping -phunter2
  /(\b(?:mysql|mariadb)\w*\b[^\n]*?[\s"']-p)(?!\$)[^\s"',\]]+()/g,
];
