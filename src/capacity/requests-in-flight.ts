/** A closed population of users: each sends a request, waits for the reply, thinks, and sends the next. */
export interface ClosedLoad {
  readonly users: number;
  readonly thinkSeconds: number;
  readonly responseSeconds: number;
}

/**
 * Requests that are being served on average when nothing waits: users x response / (response + think), which is
 * Little's law for a closed population (mean value analysis with no queueing).
 */
export function requestsInFlight(load: ClosedLoad): number {
  return (load.users * load.responseSeconds) / (load.responseSeconds + load.thinkSeconds);
}
