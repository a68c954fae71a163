import type { Pool } from '../model/pool.ts';
import type { Process, Project, Service, Store } from '../model/stack.ts';
import { isDatabaseServer } from '../model/store/database-engines.ts';
import { webProcesses } from './load.ts';
import { isServerDatabase, storeOfPool } from './pool-store.ts';
import { isSharedPool } from './pool-use.ts';

/** The web server that a plan is for, with the database it works on. */
export interface CapacityTarget {
  readonly project: Project;
  readonly service: Service;
  readonly process: Process;
  /** Its pools to server databases; Django's connections for each thread count as one. */
  readonly pools: readonly Pool[];
  /** The first of them: the one that most requests use. */
  readonly pool: Pool | undefined;
  readonly store: Store | undefined;
}

/**
 * The web servers that can be planned: those of production set-ups first, then those of the default project; servers that
 * are made for development come last.
 */
export function capacityTargets(projects: readonly Project[]): readonly CapacityTarget[] {
  const targets = projects.flatMap((project) =>
    webProcesses(project).map(({ service, process }) => ({
      project,
      service,
      process,
      ...databaseOf(project, process),
    })),
  );
  return targets.sort((left, right) => rankOf(left) - rankOf(right));
}

function rankOf({ project, process }: CapacityTarget): number {
  return (isDevelopmentServer(process) ? 2 : 0) + (project.stage.name === 'development' ? 1 : 0);
}

/** Flask and Django say of these servers that they are not for production. */
function isDevelopmentServer({ server }: Process): boolean {
  return server === 'flask-run' || server === 'django-runserver';
}

function databaseOf(project: Project, process: Process): Pick<CapacityTarget, 'pools' | 'pool' | 'store'> {
  const pools = process.pools.filter(
    (pool) => pool.kind === 'database' && isServerDatabase(pool) && isSharedPool(pool, process),
  );
  const pool = pools[0];
  const store = (pool && storeOfPool(project, pool)) ?? project.stores.find(({ engine }) => isDatabaseServer(engine));
  return { pools, pool, store };
}
