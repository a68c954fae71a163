import type { Project, Service, Store } from '../model/stack.ts';

/** The active service that runs a store; undefined for a server outside the project or behind an inactive profile. */
export function runningService(project: Project, store: Store): Service | undefined {
  return project.services.find((service) => service.active && service.name === store.service);
}
