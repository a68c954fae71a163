import type { MissedFile, Process, Project } from '../model/stack.ts';

/** The configuration file that Gunicorn passes over, unless another process of the project reads it. */
export function missedConfiguration(process: Process, project: Project): MissedFile | undefined {
  const missed = process.gunicorn?.missedFile;
  const loaded = project.services
    .flatMap(({ processes }) => processes)
    .map(({ gunicorn }) => gunicorn?.configurationFile);
  return loaded.some((file) => file?.known && file.value === missed?.source) ? undefined : missed;
}
