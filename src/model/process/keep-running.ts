import type { Launch } from './launch.ts';

/**
 * What a script leaves running: its servers; without any, the last other program that it surely runs. Of alternatives,
 * development servers give way.
 */
export function keepRunning(launches: readonly Launch[]): readonly Launch[] {
  const servers = launches.filter((launch) => isServer(launch) || launch.supervised);
  const kept = servers.length > 0 ? servers : launches.slice(-1);
  if (!kept.some((launch) => launch.alternative) || kept.length < 2) return kept;
  const serious = kept.filter((launch) => !isForDevelopment(launch));
  const remaining = serious.length > 0 ? serious : kept;
  return remaining.length === 1 ? remaining.map((launch) => ({ ...launch, alternative: false })) : remaining;
}

function isForDevelopment(launch: Launch): boolean {
  const reloads = launch.command.words.some((word) => word.text === '--reload');
  return reloads || launch.server === 'django-runserver' || launch.server === 'flask-run';
}

/** True for a program that is known to stay up and serve. */
export function isServer(launch: Launch): boolean {
  return !/^(other|python|node|unknown)$/.test(launch.server);
}
