import type { Project, Service, Store } from '../model/stack.ts';

/** The active service that runs a store; undefined for a server outside the project or behind an inactive profile. */
export function runningService(project: Project, store: Store): Service | undefined {
  return project.services.find((service) => service.active && service.name === store.service);
}

/** A store that a service of the project runs. */
export interface RunningStore {
  readonly store: Store;
  readonly service: Service;
}

/** The stores of this kind that run on the machine of a project. */
export function runningStores(project: Project, isWanted: (store: Store) => boolean): readonly RunningStore[] {
  return project.stores.flatMap((store) => {
    const service = isWanted(store) ? runningService(project, store) : undefined;
    return service ? [{ store, service }] : [];
  });
}
