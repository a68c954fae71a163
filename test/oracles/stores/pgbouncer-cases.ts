import { type StoreCase, storeCase } from './store-case.ts';

const of = (name: string, given: Parameters<typeof storeCase>[2]) => storeCase('pgbouncer', name, given);

const databases = '[databases]\napp = host=db dbname=app\n';

/** What pgbouncer.ini and what it includes come to. */
export const pgbouncerCases: readonly StoreCase[] = [
  of('the defaults', { main: `${databases}[pgbouncer]\n` }),
  of('plain settings', {
    main: `${databases}[pgbouncer]\nmax_client_conn = 500\ndefault_pool_size = 25\npool_mode = transaction\n`,
  }),
  of('no blanks', { main: `${databases}[pgbouncer]\nmax_client_conn=501\n` }),
  of('tabs', { main: `${databases}[pgbouncer]\n\tmax_client_conn\t=\t502\t\n` }),
  of('the last line wins', { main: `${databases}[pgbouncer]\nmax_client_conn = 1\nmax_client_conn = 503\n` }),
  of('comment lines of both kinds', {
    main: `${databases}[pgbouncer]\n;max_client_conn = 1\n# max_client_conn = 2\n  ; max_client_conn = 3\n`,
  }),
  of('the section comes first', { main: `[pgbouncer]\nmax_client_conn = 504\n${databases}` }),
  of('the names of other sections', { main: `${databases}[users]\nbob = pool_mode=session\n[pgbouncer]\n` }),
  of('reserve and limit', {
    main: `${databases}[pgbouncer]\nreserve_pool_size = 5\nmax_db_connections = 80\n`,
  }),
  of('Windows line ends', { main: `${databases}[pgbouncer]\r\nmax_client_conn = 505\r\n` }),
  of('sizes of databases', {
    main: '[databases]\napp = host=db pool_size=30\nreports = host=db2 dbname=app pool_size=3\n* = host=db\n[pgbouncer]\n',
  }),
  of('quoted parts', {
    main: "[databases]\napp = host='db' dbname='a pp' pool_size='31'\n[pgbouncer]\n",
  }),
  of('statement pooling', { main: `${databases}[pgbouncer]\npool_mode = statement\n` }),
  of('%include', {
    main: `${databases}%include /etc/pgbouncer/limits.ini\n[pgbouncer]\n`,
    files: { '/etc/pgbouncer/limits.ini': '[databases]\nother = host=db pool_size=9\n' },
  }),
];
