/** A project's name without the files that tell it from others of its name, for places that name the files themselves. */
export function projectName(name: string): string {
  return name.replace(/ \(.*\)$/, '');
}
