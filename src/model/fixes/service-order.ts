import type { YamlEntry, YamlMapping } from '../../parse/yaml-tree.ts';

const groups: readonly (readonly string[])[] = [
  [
    'mem_limit',
    'memswap_limit',
    'mem_reservation',
    'cpus',
    'cpu_count',
    'cpu_shares',
    'cpuset',
    'pids_limit',
    'deploy',
  ],
  ['stop_signal', 'stop_grace_period', 'init', 'restart'],
  ['entrypoint', 'command'],
];

/** Keys that services usually begin with; a new setting goes behind the last of them. */
const head = new Set(
  'image build platform container_name hostname restart init stop_signal stop_grace_period entrypoint command'.split(
    ' ',
  ),
);

/** The entry of a service behind which a new key reads best: a related one, else the head, else the last. */
export function entryBefore(mapping: YamlMapping, key: string): YamlEntry | undefined {
  const group = groups.find((candidate) => candidate.includes(key)) ?? [];
  const related = mapping.entries.findLast((entry) => group.includes(entry.key.text));
  return related ?? mapping.entries.findLast((entry) => head.has(entry.key.text)) ?? mapping.entries.at(-1);
}
