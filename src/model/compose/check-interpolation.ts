import type { UnknownNote } from '../stack.ts';
import type { ConfigNode } from './config-node.ts';
import { findInterpolationProblem } from './interpolate.ts';

/** What an interpolation makes Compose refuse, in every text below the node. */
export interface InterpolationNotes {
  /** References that Compose cannot read, and required variables that are set to nothing. */
  readonly refusals: readonly UnknownNote[];
  /** Required variables that only the shell can set. */
  readonly required: readonly UnknownNote[];
}

/** Finds references that Compose refuses; it looks at alternatives too, whether they are taken or not. */
export function checkInterpolation(root: ConfigNode): InterpolationNotes {
  const refusals: UnknownNote[] = [];
  const required: UnknownNote[] = [];
  const open: ConfigNode[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.kind === 'sequence') open.push(...node.items);
    if (node.kind === 'mapping') for (const { value } of node.entries.values()) open.push(value);
    if (node.kind !== 'scalar' || !node.scalar.text.includes('$')) continue;
    const problem = findInterpolationProblem(node.scalar.text, node.scope.variables.lookup);
    if (!problem || refusals.length + required.length >= maximumNotes) continue;
    const notes = problem.kind === 'unset' ? required : refusals;
    notes.push({ what: 'whether Compose loads the files', why: problem.why, at: node.at });
  }
  return { refusals, required };
}

const maximumNotes = 50;
