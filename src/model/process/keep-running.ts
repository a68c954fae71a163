import type { Launch } from './launch.ts';

/**
 * What a script leaves running: its servers; without any, the last other program that it surely runs. Of alternatives,
 * development servers give way, unless the container's own command names them.
 */
export function keepRunning(launches: readonly Launch[]): readonly Launch[] {
  const servers = launches.filter((launch) => isServer(launch) || launch.supervised);
  const kept = servers.length > 0 ? servers.filter(isFirstGiven) : launches.slice(-1);
  if (!kept.some((launch) => launch.alternative) || kept.length < 2) return kept;
  const serious = kept.filter((launch) => launch.isGiven || !isForDevelopment(launch));
  const remaining = serious.length > 0 ? serious : kept;
  return remaining.length === 1 ? remaining.map((launch) => ({ ...launch, alternative: false })) : remaining;
}

/** Several branches may run the container's own command: it is one program. */
function isFirstGiven(launch: Launch, index: number, launches: readonly Launch[]): boolean {
  const [word] = launch.command.words;
  return (
    !launch.isGiven || launches.findIndex(({ isGiven, command }) => isGiven && command.words[0] === word) === index
  );
}

function isForDevelopment(launch: Launch): boolean {
  const reloads = launch.command.words.some((word) => word.text === '--reload');
  return reloads || launch.server === 'django-runserver' || launch.server === 'flask-run';
}

/** True for a program that is known to stay up and serve. */
export function isServer(launch: Launch): boolean {
  return !/^(other|python|node|unknown)$/.test(launch.server);
}
