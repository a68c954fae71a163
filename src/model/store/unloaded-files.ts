import { parseSettings, type SettingsDialect } from '../../parse/settings-file.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import { hiddenStep } from './configuration-files.ts';
import type { StoreInput } from './store-input.ts';
import type { SettingStep } from './store-settings.ts';

/** A file of the workspace that is mounted into a container, at its place there. */
export interface MountedFile {
  /** Path in the container. */
  readonly path: string;
  readonly source: SourceText | undefined;
  /** The mount. */
  readonly at: Location;
}

/** Files that are mounted, by themselves or with their folder, and whose container path is `wanted`. */
export function mountedFiles(input: StoreInput, wanted: (path: string) => boolean): readonly MountedFile[] {
  return input.mounts
    .filter((mount) => mount.source !== undefined)
    .flatMap(({ target, at }) => {
      if (wanted(target)) return [{ path: target, source: input.fileAt(target), at }];
      const inside = input.namesIn(target).map((name) => `${target}/${name}`);
      return inside.filter(wanted).map((path) => ({ path, source: input.fileAt(path), at }));
    });
}

/** True for a file that sets something; one that is not in the workspace counts as one. */
export function setsSomething(source: SourceText | undefined, dialect: SettingsDialect): boolean {
  return source === undefined || parseSettings(source.text, dialect).length > 0;
}

/** A build that writes or changes the server's configuration with commands hides what it holds. */
export function dockerfileStep(input: StoreInput, file: RegExp): readonly SettingStep[] {
  const lines = input.dockerfile?.text.replace(/\\\r?\n/g, ' ').split('\n') ?? [];
  const changes = lines.some((line) => /^\s*RUN\b/i.test(line) && file.test(line));
  return changes ? [hiddenStep('the Dockerfile changes the configuration with commands', input)] : [];
}
