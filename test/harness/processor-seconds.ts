/** Seconds of processor time that `work` takes: what else runs on the machine does not count, as it would on the clock. */
export function processorSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
