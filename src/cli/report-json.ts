import { findDefault } from '../capacity/defaults.ts';
import type { Finding, Report } from '../engine/finding.ts';
import {
  poolSettings,
  processSettings,
  type SettingValue,
  type StackSetting,
  serviceSettings,
  storeSettings,
} from '../engine/stack-settings.ts';
import type { Pool } from '../model/pool.ts';
import type { Process, Project, Service, Store } from '../model/stack.ts';
import { whyNothingRuns } from '../model/unknowns.ts';
import { isAssumed, isDefault, type Value } from '../model/value.ts';
import { positionAt } from '../text/source-text.ts';
import type { Location } from '../text/span.ts';
import type { Hop } from '../text/trail.ts';

/** How a file is called in a report: relative to the folder the report is about, with forward slashes. */
export type FileNaming = (path: string) => string;

/** The `check` contract, version 1: lines and columns count from 1, columns in UTF-16 units; `text` ends with a newline. */
export function formatReportJson(
  reports: readonly { readonly report: Report; readonly nameFile: FileNaming }[],
): string {
  const all = <T>(pick: (report: Report, nameFile: FileNaming) => readonly T[]) =>
    reports.flatMap(({ report, nameFile }) => pick(report, nameFile));
  return toText({
    version: 1,
    findings: all((report, nameFile) => report.findings.map((finding) => findingJson(finding, nameFile))),
    unknown: all((report, nameFile) =>
      report.unknowns.map(({ what, why, at }) => ({ what, why, ...lineJson(at, nameFile) })),
    ),
    files: {
      read: all((report, nameFile) => report.filesRead.map(nameFile)),
      skipped: all((report, nameFile) => report.filesSkipped.map(({ path, why }) => ({ file: nameFile(path), why }))),
    },
  });
}

/** The `stack` contract, version 1; the default project comes first. */
export function formatStackJson(projects: readonly Project[], nameFile: FileNaming): string {
  return toText({ version: 1, projects: projects.map((project) => projectJson(project, nameFile)) });
}

function toText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function findingJson(finding: Finding, nameFile: FileNaming) {
  return {
    rule: finding.rule,
    severity: finding.severity,
    project: finding.project,
    subject: finding.subject,
    fingerprint: finding.fingerprint,
    file: nameFile(finding.at.source.path),
    ...rangeJson(finding.at),
    message: finding.text,
    assumed: finding.assumed,
    trail: finding.trail.map((hop) => hopJson(hop, nameFile)),
    // A refused fix has nothing to apply; the text report shows its reason.
    fixes: finding.fixes
      .filter((fix) => fix.refused === undefined)
      .map((fix) => ({
        title: fix.title,
        safety: fix.safety,
        edits: fix.edits.map((edit) => ({
          file: nameFile(edit.source.path),
          ...rangeJson(edit),
          newText: edit.newText,
        })),
      })),
    suppressed: finding.suppressed ? { reason: finding.suppressed.reason } : null,
  };
}

function projectJson(project: Project, nameFile: FileNaming) {
  return {
    name: project.name,
    files: project.files.map((file) => nameFile(file.path)),
    services: project.services.map((service) => serviceJson(service, nameFile)),
    stores: project.stores.map((store) => storeJson(store, nameFile)),
  };
}

function serviceJson(service: Service, nameFile: FileNaming) {
  const why = whyNothingRuns(service);
  return {
    name: service.name,
    role: service.role,
    active: service.active,
    ...settingsJson(serviceSettings(service), nameFile),
    processes: service.processes.map((process) => processJson(process, nameFile)),
    ...(why !== undefined && { processesUnknown: why }),
  };
}

function processJson(process: Process, nameFile: FileNaming) {
  return {
    server: process.server,
    ...settingsJson(processSettings(process), nameFile),
    pools: process.pools.map((pool) => poolJson(pool, nameFile)),
  };
}

function poolJson(pool: Pool, nameFile: FileNaming) {
  return {
    library: pool.library,
    ...(pool.alias !== undefined && { alias: pool.alias }),
    ...settingsJson(poolSettings(pool), nameFile),
    store: pool.engine.known && pool.engine.value === 'sqlite' ? 'sqlite' : pool.store.known ? pool.store.value : null,
    ...(pool.store.known ? isAssumed(pool.store) && { storeAssumed: true } : { storeUnknown: pool.store.why }),
    ...lineJson(pool.at, nameFile),
  };
}

function storeJson(store: Store, nameFile: FileNaming) {
  return { name: store.name, engine: store.engine, ...settingsJson(storeSettings(store), nameFile) };
}

function settingsJson(settings: readonly StackSetting[], nameFile: FileNaming) {
  return Object.fromEntries(settings.map(({ key, value }) => [key, valueJson(value, nameFile)]));
}

function valueJson(value: Value<SettingValue>, nameFile: FileNaming): object {
  const trail = value.trail.map((hop) => hopJson(hop, nameFile));
  const overridden = value.overridden && { overridden: value.overridden.map((hop) => hopJson(hop, nameFile)) };
  if (value.known) {
    return {
      value: plain(value.value),
      ...(!isDefault(value) && lineJson(value.at, nameFile)),
      ...(isAssumed(value) && { assumed: true }),
      trail,
      ...overridden,
    };
  }
  return {
    unknown: value.why,
    ...(value.oneOf && { oneOf: value.oneOf.map((option) => valueJson(option, nameFile)) }),
    ...(value.atLeast !== undefined && { atLeast: plain(value.atLeast) }),
    ...(value.atMost !== undefined && { atMost: plain(value.atMost) }),
    trail,
    ...overridden,
  };
}

/** JSON has no infinity. */
function plain(value: SettingValue): SettingValue {
  return typeof value === 'number' && !Number.isFinite(value) ? 'unlimited' : value;
}

function hopJson(hop: Hop, nameFile: FileNaming) {
  if (!('default' in hop.at)) return { says: hop.says, ...lineJson(hop.at, nameFile) };
  const entry = findDefault(hop.at.default);
  if (!entry) return { says: hop.says };
  const { program, version, source } = entry;
  return { says: hop.says, default: { program, version, source } };
}

function lineJson(at: Location, nameFile: FileNaming) {
  return { file: nameFile(at.source.path), line: positionAt(at.source, at.span.start).line + 1 };
}

function rangeJson(at: Location) {
  return { start: positionJson(at, at.span.start), end: positionJson(at, at.span.end) };
}

function positionJson(at: Location, offset: number) {
  const { line, column } = positionAt(at.source, offset);
  return { line: line + 1, column: column + 1 };
}
