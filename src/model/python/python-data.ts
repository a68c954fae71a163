import type { PythonCall, PythonDict } from '../../parse/python-tree.ts';
import type { Location } from '../../text/span.ts';
import type { Value } from '../value.ts';

/** What a Python expression evaluates to without running it. */
export type PythonData =
  | number
  | string
  | boolean
  | null
  | PythonMap
  | PythonSequence
  | PythonText
  | PythonObject
  | PythonReference;

/** A dict: values stay values, so that a dict with one unknown entry still gives the others. */
export interface PythonMap {
  readonly type: 'map';
  readonly entries: ReadonlyMap<string, Value<PythonData>>;
  /** False when a spread, update or non-constant key may have added entries that are not listed. */
  readonly complete: boolean;
  /** The dict literal or `dict(...)` call that a fix can extend. */
  readonly literal: { readonly at: Location; readonly node: PythonDict | PythonCall } | undefined;
  /** Where the keys are written, for the entries of literals and subscript assignments. */
  readonly keys?: ReadonlyMap<string, Location>;
  /** The call that made the map from a URL (`dj_database_url.config(...)`, `env.db(...)`), with its dotted callee. */
  readonly urlCall?: { readonly at: Location; readonly node: PythonCall; readonly callee: string };
}

export interface PythonSequence {
  readonly type: 'sequence';
  readonly items: readonly Value<PythonData>[];
  readonly complete: boolean;
  /** Set for tuples, which cannot be changed in place. */
  readonly frozen?: true;
}

/** A string of which pieces are unknown (`f"postgresql://{user}@{host}/db"`): enough to tell a URL's scheme and host. */
export interface PythonText {
  readonly type: 'text';
  readonly pieces: readonly Value<string>[];
}

/** The result of calling something that is not evaluated: a class of a library, an engine, a URL parser. */
export interface PythonObject {
  readonly type: 'object';
  /**
   * Dotted name with imports resolved: "sqlalchemy.create_engine", "httpx.Limits"; a method of an object carries the
   * object's callee ("flask.Flask().app_context"), a class of the workspace its file ("app/config.py:Settings").
   */
  readonly callee: string;
  readonly positional: readonly Value<PythonData>[];
  readonly keywords: ReadonlyMap<string, Value<PythonData>>;
  /** False when `*args` or `**kwargs` could not be resolved. */
  readonly complete: boolean;
  readonly at: Location;
  readonly call: PythonCall;
}

/**
 * A function, class, module or attribute that was named and not called: its dotted name with imports resolved; for
 * names of the workspace the file, a colon and the name inside it ("app/config.py:Settings", "app/config.py:").
 */
export interface PythonReference {
  readonly type: 'reference';
  readonly name: string;
}
