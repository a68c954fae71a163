import { nameOfEngine } from '../plan/pool-store.ts';
import { findUnreachableStores, nameStore } from '../plan/store-connections.ts';
import { listNames } from '../text/wording.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'store-unreachable',
  on: 'project',
  severity: 'error',
  summary: 'A process connects to a database or Redis that it cannot reach from its container.',
  why: `Each container has a network of its own: \`localhost\` in it is the container itself, not the host and not its neighbour. A database that runs as another service of the same compose file is reached by that service's name.

The name resolves only on a network that both services are on. Compose puts every service on the project's \`default\` network, unless it names networks of its own: then it is on those alone.

The connection fails at the first query, with "connection refused" or "could not translate host name". Nothing is said where something else may listen: \`network_mode\`, images of others, a supervisor or a tunnel in the container, an environment that is not complete.`,
  references: [
    'Docker documentation, networking in Compose: services reach each other by name on a shared network',
    'Compose specification, services: networks, network_mode',
  ],
  messages: {
    'no-network':
      '{service} connects to {store}, but the two share no network ({own}; {others}): the name does not resolve.',
    'own-container':
      '{host} in the container of {service} is the container itself, where no {engine} listens. Use the name of its service: {store}.',
    rename: 'Connect to {store}',
    join: 'Put {service} and {store} on one network',
  },
  *check({ project }) {
    for (const unreachable of findUnreachableStores(project)) {
      const { service, store, host, why } = unreachable;
      const other = project.services.find((candidate) => candidate.name === store.service);
      const names = { service: service.name, store: store.name };
      yield {
        at: why === 'no-network' ? service.at : host.at,
        subject: `${service.name} ${store.name}`,
        message:
          why === 'no-network'
            ? {
                says: why,
                with: { ...names, own: listNames(service.networks), others: listNames(other?.networks ?? []) },
              }
            : { says: why, with: { ...names, host: host.value, engine: nameOfEngine(store.engine) } },
        trail: [
          { at: host.at, says: `${service.name} connects to ${host.value}` },
          { at: store.at, says: `${store.name} runs as a service of its own` },
        ],
        fixes: () => [
          why === 'no-network'
            ? { title: { says: 'join', with: names }, safety: 'review', edits: apart }
            : { title: { says: 'rename', with: names }, safety: 'review', edits: nameStore(unreachable) },
        ],
      };
    }
  },
});

/** Networks may keep services apart on purpose, and a service may be meant to reach another store. */
const apart = { refused: 'which of the networks both should be on is for you to say' };
