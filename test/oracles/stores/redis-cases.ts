import { type StoreCase, storeCase } from './store-case.ts';

const of = (name: string, given: Parameters<typeof storeCase>[2]) => storeCase('redis', name, given);

const withoutFile = (name: string, words: readonly string[]): StoreCase => ({
  name: `redis: ${name}`,
  engine: 'redis',
  files: {},
  words,
});

const units = ['b', 'k', 'kb', 'm', 'mb', 'g', 'gb', 'MB', 'Gb', ''];

/** What redis.conf, what it includes and the command line come to. */
export const redisCases: readonly StoreCase[] = [
  withoutFile('nothing written', []),
  of('an empty file', { main: '' }),
  ...units.map((unit) => of(`maxmemory in ${unit || 'bytes'}`, { main: `maxmemory 3000000${unit}\n` })),
  of('maxmemory 0 is none', { main: 'maxmemory 0\n' }),
  of('a fraction is refused', { main: 'maxmemory 1.5gb\n' }),
  of('a percentage is refused', { main: 'maxmemory 50%\n' }),
  of('upper case names', { main: 'MAXMEMORY 100mb\nMaxMemory-Policy allkeys-lru\n' }),
  of('policies in upper case', { main: 'maxmemory-policy ALLKEYS-LFU\n' }),
  of('double quotes', { main: 'maxmemory "200mb"\n' }),
  of('single quotes', { main: "maxmemory '201mb'\n" }),
  of('indented with tabs', { main: '\tmaxmemory\t202mb\t\n' }),
  of('the last line wins', { main: 'maxmemory 1gb\nmaxmemory 2gb\n' }),
  of('commented lines', { main: '# maxmemory 1gb\n  # maxmemory-policy allkeys-lru\n' }),
  of('a comment behind a value is refused', { main: 'maxmemory 1gb # plenty\n' }),
  of('an unknown name is refused', { main: 'maxmemmory 1gb\n' }),
  of('Windows line ends', { main: 'maxmemory 203mb\r\nappendonly yes\r\n' }),
  of('append-only', { main: 'appendonly yes\n' }),
  of('append-only in upper case', { main: 'appendonly YES\n' }),
  of('snapshots written', { main: 'save 60 1000\n' }),
  of('several snapshots', { main: 'save 60 1000\nsave 900 1\n' }),
  of('snapshots off', { main: 'save ""\n' }),
  of('snapshots off, then on', { main: 'save ""\nsave 60 1\n' }),
  of('snapshots on, then off', { main: 'save 60 1\nsave ""\n' }),
  of('several snapshots on a line', { main: 'save 3600 1 300 100\n' }),
  of('include by its whole path', {
    main: 'include /etc/redis/memory.conf\n',
    files: { '/etc/redis/memory.conf': 'maxmemory 300mb\n' },
  }),
  of('a line behind the include wins', {
    main: 'include /etc/redis/memory.conf\nmaxmemory 301mb\n',
    files: { '/etc/redis/memory.conf': 'maxmemory 300mb\n' },
  }),
  of('an include behind the line wins', {
    main: 'maxmemory 301mb\ninclude /etc/redis/memory.conf\n',
    files: { '/etc/redis/memory.conf': 'maxmemory 300mb\n' },
  }),
  of('includes within includes', {
    main: 'include /etc/redis/one.conf\n',
    files: { '/etc/redis/one.conf': 'include /etc/redis/two.conf\n', '/etc/redis/two.conf': 'maxmemory 302mb\n' },
  }),
  of('a missing include is refused', { main: 'include /etc/redis/nothing.conf\n' }),
  of('the command line wins', { main: 'maxmemory 1gb\n', words: ['--maxmemory', '2gb'] }),
  of('the command line adds', { main: 'maxmemory 1gb\n', words: ['--maxmemory-policy', 'volatile-lru'] }),
  withoutFile('options alone', ['--maxmemory', '256mb', '--maxmemory-policy', 'allkeys-lru']),
  withoutFile('the last option wins', ['--maxmemory', '256mb', '--maxmemory', '512mb']),
  withoutFile('snapshots off on the command line', ['--save', '', '--appendonly', 'no']),
  withoutFile('snapshots on the command line', ['--save', '60', '1', '--loglevel', 'warning']),
  withoutFile('snapshots in one word', ['--save', '60 1', '--maxmemory', '5mb']),
  withoutFile('append-only on the command line', ['--appendonly', 'yes', '--loglevel', 'warning']),
  withoutFile('upper case options', ['--MaxMemory', '7mb']),
  of('snapshots off over the file', { main: 'save 60 1\nappendonly no\n', words: ['--save', ''] }),
];
