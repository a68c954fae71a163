import type { MappedText } from '../../text/mapped-text.ts';
import type { Location } from '../../text/span.ts';
import type { Hop } from '../../text/trail.ts';
import type { ContainerFiles } from '../image/container-files.ts';
import type { Environment } from '../stack.ts';
import type { Files } from '../workspace.ts';
import type { Supervision } from './launch.ts';

/** A program as a supervisor's files give it. */
export interface SupervisedProgram {
  readonly words: readonly MappedText[];
  readonly at: Location;
  readonly trail: readonly Hop[];
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly supervised: Supervision;
}

/** What a supervisor is started with. */
export interface SupervisorStart {
  /** Its own word and its arguments. */
  readonly words: readonly MappedText[];
  readonly at: Location;
  readonly trail: readonly Hop[];
  readonly environment: Environment;
  readonly workingDirectory: string;
}

export interface SupervisorTools {
  readonly files: Files;
  readonly container: ContainerFiles;
}
