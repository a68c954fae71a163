import type { MappedText } from '../../text/mapped-text.ts';
import type { Location } from '../../text/span.ts';
import type { CommandLine, Environment, ServerProgram, SignalPath } from '../stack.ts';

/** A program found by following a container's command through shells, wrappers and scripts. */
export interface Launch {
  readonly server: ServerProgram;
  /** The program's own word, for messages: "gunicorn", "redis-server". */
  readonly program: string;
  /** The program's word in its command. */
  readonly at: Location;
  /** Program word and its arguments, wrappers removed. */
  readonly command: CommandLine;
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly signals: SignalPath;
  /** True for one of several alternatives that a script chooses between at run time. */
  readonly alternative: boolean;
  /** True when a shell stood between the container's command and the program, so that variables were expanded. */
  readonly throughShell: boolean;
  /** A Python file run as a script, as workspace path. */
  readonly scriptPath: string | undefined;
  /** Why what the program runs could not be read: its script or module is not in the workspace. */
  readonly missing?: string;
}

/** Arguments after the program's word. */
export function argumentsOf(launch: Pick<Launch, 'command'>): readonly MappedText[] {
  return launch.command.words.slice(1);
}
