import { type StoreCase, storeCase } from './store-case.ts';

/**
 * Files of random lines in the ways people write them, drawn from a fixed sequence: settings that repeat, comments,
 * blanks, and options that override.
 */
export function generatedCases(count: number): readonly StoreCase[] {
  const draw = sequence(20_261_121);
  return Array.from({ length: count }, (_, index) => {
    const engine = (['postgresql', 'mariadb', 'redis'] as const)[index % 3] ?? 'redis';
    const lines = Array.from({ length: 2 + draw(5) }, () => line(engine, draw));
    const head = engine === 'mariadb' ? '[mysqld]\n' : '';
    const option = draw(3) === 0 ? options(engine, draw) : [];
    return storeCase(engine, `generated ${index + 1}`, { main: `${head}${lines.join('\n')}\n`, words: option });
  });
}

type Draw = (below: number) => number;

/** A small linear congruential generator: the same cases on every machine. */
function sequence(seed: number): Draw {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function pick<T>(items: readonly [T, ...T[]], draw: Draw): T {
  return items[draw(items.length)] ?? items[0];
}

function line(engine: StoreCase['engine'], draw: Draw): string {
  const [name, value] = setting(engine, draw);
  const indent = pick(['', '', '  ', '\t'], draw);
  if (draw(8) === 0) return `${indent}# ${name} ${value}`;
  if (engine === 'redis') return `${indent}${name}${pick([' ', '  ', '\t'], draw)}${value}${pick(['', ' '], draw)}`;
  const gap = pick(engine === 'mariadb' ? ['=', ' = ', '= '] : ['=', ' = ', ' '], draw);
  const quote = pick(engine === 'mariadb' ? ['', '', '"', "'"] : ['', '', "'"], draw);
  return `${indent}${name}${gap}${quote}${value}${quote}${pick(['', '', ' # note'], draw)}`;
}

function setting(engine: StoreCase['engine'], draw: Draw): readonly [string, string] {
  const count = String(20 + draw(900));
  const amount = String(1 + draw(900));
  if (engine === 'postgresql')
    return pick(
      [
        ['max_connections', count],
        ['shared_buffers', `${amount}${pick(['MB', 'kB', 'GB', ''], draw)}`.replace(/^(\d{1,2})(kB)?$/, '$100$2')],
        ['work_mem', `${amount}${pick(['MB', 'kB', ''], draw)}`.replace(/^(\d{1,2})(kB)?$/, '$100$2')],
        ['superuser_reserved_connections', String(draw(10))],
        ['log_min_duration_statement', pick(['-1', '0', '250', '2000'], draw)],
      ],
      draw,
    );
  if (engine === 'mariadb')
    return pick(
      [
        [pick(['max_connections', 'max-connections'], draw), count],
        [pick(['innodb_buffer_pool_size', 'innodb-buffer-pool-size'], draw), `${amount}${pick(['M', 'm', 'G'], draw)}`],
        ['sort_buffer_size', `${amount}K`],
        ['join-buffer-size', `${1 + draw(8)}M`],
        ['slow_query_log', pick(['0', '1', 'ON', 'off'], draw)],
      ],
      draw,
    );
  return pick(
    [
      ['maxmemory', `${amount}${pick(['mb', 'm', 'MB', 'kb'], draw)}`],
      ['maxmemory-policy', pick(['noeviction', 'allkeys-lru', 'volatile-ttl', 'allkeys-lfu'], draw)],
      ['appendonly', pick(['yes', 'no'], draw)],
      ['save', pick(['60 1000', '""', '900 1'], draw)],
    ],
    draw,
  );
}

function options(engine: StoreCase['engine'], draw: Draw): readonly string[] {
  const [name, value] = setting(engine, draw);
  if (engine === 'postgresql') return ['-c', `${name}=${value}`];
  if (engine === 'mariadb') return [`--${name}=${value}`];
  return value === '""' ? [`--${name}`, ''] : [`--${name}`, value];
}
