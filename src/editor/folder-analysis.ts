import type * as vscode from 'vscode';
import { type Analysis, analysePausing } from '../engine/analyse.ts';
import type { Finding } from '../engine/finding.ts';
import { createSession } from '../model/session.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Rule } from '../rules/rule.ts';
import type { SourceText } from '../text/source-text.ts';
import { type FolderFiles, openFolderFiles } from './folder-files.ts';
import { doInSlices } from './in-slices.ts';
import { keepFindings, type LastGood } from './keep-findings.ts';
import type { RealPaths } from './links.ts';
import type { Log } from './log.ts';
import { readSettings } from './read-settings.ts';
import { createScheduler, type Run } from './scheduler.ts';

/** What the rest of the editor host shows of one workspace folder. */
export interface FolderAnalysis extends vscode.Disposable {
  readonly folder: vscode.WorkspaceFolder;
  /** The last complete analysis; undefined before the first one. */
  readonly result: FolderResult | undefined;
  /** True while files are listed, read or analysed for longer than a moment. */
  readonly busy: boolean;
  /** Files loaded so far. */
  readonly filesLoaded: number;
  /** Analyses what has changed and gives the result for the texts of this moment. */
  settle(): Promise<FolderResult | undefined>;
  /** Lists and reads the folder anew. */
  restart(): void;
  /** Asks for an analysis with the present settings. */
  request(): void;
  takeDocument(document: vscode.TextDocument): void;
  closeDocument(document: vscode.TextDocument): void;
  takeFile(uri: vscode.Uri, what: 'created' | 'changed' | 'deleted'): void;
  /** The text of a file as the last analysis read it; undefined when it is another by now. */
  currentText(path: string): SourceText | undefined;
}

export interface FolderResult {
  readonly analysis: Analysis;
  /** The report's findings; for projects that cannot be parsed at the moment, their last good ones. */
  readonly findings: readonly Finding[];
}

export interface AnalysisTools {
  readonly rules: readonly Rule[];
  readonly realPaths: RealPaths | undefined;
  readonly log: Log;
  /** Called after every analysis and when `busy` changes. */
  readonly onChange: (folder: FolderAnalysis) => void;
}

const quietMilliseconds = 30;
/** How long an analysis may take without being shown, and how often its progress is. */
const shownMilliseconds = 500;
const maximumRounds = 24;

/** Starts to analyse a workspace folder. Failures go to the log; the last result then stays. */
export function analyseFolder(folder: vscode.WorkspaceFolder, tools: AnalysisTools): FolderAnalysis {
  const session = createSession();
  let files: FolderFiles | undefined;
  let isListed = false;
  let result: FolderResult | undefined;
  let lastGood: LastGood = new Map();
  let busy = true;
  let disposed = false;
  const scheduler = createScheduler(work, quietMilliseconds);
  const self: FolderAnalysis = {
    folder,
    get result() {
      return result;
    },
    get busy() {
      return busy;
    },
    get filesLoaded() {
      return files?.workspace.texts.size ?? 0;
    },
    async settle() {
      await scheduler.settle();
      return result;
    },
    restart() {
      isListed = false;
      scheduler.request();
    },
    request: scheduler.request,
    takeDocument(document) {
      if (files?.takeDocument(document)) scheduler.request();
    },
    closeDocument: (document) => follow(files?.refresh(document.uri)),
    takeFile(uri, what) {
      if (what === 'deleted') follow(Promise.resolve(files?.remove(uri) ?? false));
      else follow(what === 'created' ? addAndRefresh(uri) : files?.refresh(uri));
    },
    currentText: (path) => files?.workspace.texts.get(path),
    dispose() {
      disposed = true;
      scheduler.dispose();
    },
  };
  scheduler.request();
  return self;

  async function addAndRefresh(uri: vscode.Uri): Promise<boolean> {
    const added = (await files?.add(uri)) ?? false;
    return (await files?.refresh(uri)) || added;
  }

  function follow(change: Promise<boolean> | undefined): void {
    change?.then(
      (changed) => changed && scheduler.request(),
      (error: unknown) => tools.log.failure('reading a file', error),
    );
  }

  async function work(run: Run): Promise<void> {
    const started = performance.now();
    try {
      files ??= await openFolderFiles(folder.uri, tools);
      if (!isListed) {
        busy = true;
        tools.onChange(self);
        isListed = true;
        await files.list();
      }
      const complete = await analyseAll(files, run);
      // What was given up is asked for again, and so still busy.
      if (!complete || disposed) return;
      const { analysis, texts } = complete;
      const shown = keepFindings(lastGood, { analysis, texts });
      lastGood = shown.lastGood;
      result = { analysis, findings: shown.findings };
      logResult(result, performance.now() - started);
      if (files.excludesOtherwise(analysis.configuration.exclude)) self.restart();
    } catch (error) {
      tools.log.failure(`analysing ${folder.name}`, error);
    }
    busy = false;
    if (!disposed) tools.onChange(self);
  }

  /** Reads what the analysis asks for until it asks for nothing; undefined when it was given up. */
  async function analyseAll(
    from: FolderFiles,
    run: Run,
  ): Promise<{ readonly analysis: Analysis; readonly texts: Workspace['texts'] } | undefined> {
    const { severities, composeFiles } = readSettings(folder);
    const settings = { session, rules: tools.rules, severities, ...(composeFiles && { composeFiles }) };
    const goesOn = () => {
      showProgress();
      return !run.isGivenUp();
    };
    let shown = performance.now();
    for (let round = 0; ; round++) {
      const workspace = copyWorkspace(from.workspace);
      const done = await doInSlices(analysePausing({ workspace, ...settings }), goesOn);
      if (!done) return undefined;
      const { wanted } = done.value;
      if (wanted.size === 0 || round > maximumRounds) return { analysis: done.value, texts: workspace.texts };
      if (round === maximumRounds) from.skip(wanted, 'reached through too many other files');
      else await from.load(wanted);
      showProgress();
    }

    function showProgress(): void {
      if (performance.now() - shown < shownMilliseconds) return;
      shown = performance.now();
      busy = true;
      tools.onChange(self);
    }
  }

  function logResult({ analysis, findings }: FolderResult, milliseconds: number): void {
    const { filesRead, failures } = analysis.report;
    for (const { rule, error } of failures) tools.log.failure(`rule ${rule} in ${folder.name}`, new Error(error));
    const counts = `${filesRead.length} files, ${findings.length} findings`;
    tools.log.message(`${folder.name}: ${counts} in ${milliseconds.toFixed(1)} ms`);
  }
}

/** The files of this moment: a document may change while they are analysed. */
function copyWorkspace({ paths, texts, skipped, ...rest }: Workspace): Workspace {
  return { ...rest, paths: new Set(paths), texts: new Map(texts), skipped: new Map(skipped) };
}
