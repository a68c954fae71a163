import type { SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import type { CommandLine, Environment, Mount, StoreEngine } from '../stack.ts';

/** What a store's service gives to read its limits from. */
export interface StoreInput {
  readonly name: string;
  readonly engine: StoreEngine;
  readonly at: Location;
  /** The image that runs, at the bottom of a build. */
  readonly image: string | undefined;
  /** The Dockerfile, where the image is built here. */
  readonly dockerfile: SourceText | undefined;
  readonly command: CommandLine | undefined;
  readonly workingDirectory: string;
  readonly environment: Environment;
  readonly mounts: readonly Mount[];
  /** Text of the file at a container path, from bind mounts and COPY. */
  readonly fileAt: (containerPath: string) => SourceText | undefined;
  /** Names of the workspace's files that stand directly in a container folder, sorted. */
  readonly namesIn: (containerFolder: string) => readonly string[];
}
