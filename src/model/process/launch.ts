import type { MappedText } from '../../text/mapped-text.ts';
import type { Location } from '../../text/span.ts';
import type { CommandLine, Environment, ServerProgram, SignalPath } from '../stack.ts';
import type { Value } from '../value.ts';

/** How a supervisor (supervisord, s6, honcho) runs a program. */
export interface Supervision {
  /** Processes that it starts of the program. */
  readonly copies: Value<number>;
  /** Seconds after the stop signal until it kills the program; undefined when it waits as long as the container. */
  readonly stopPeriodSeconds: Value<number> | undefined;
}

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
  /** What a supervisor does with the program; undefined without one. */
  readonly supervised: Supervision | undefined;
  /** Set where a script runs what it was given (`"$@"`): the container's own command. */
  readonly isGiven?: true;
  /** Why what the program runs could not be read: its script or module is not in the workspace. */
  readonly missing?: string;
}

/** Arguments after the program's word. */
export function argumentsOf(launch: Pick<Launch, 'command'>): readonly MappedText[] {
  return launch.command.words.slice(1);
}
