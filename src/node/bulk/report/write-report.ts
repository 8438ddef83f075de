import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { dirname, extname } from 'node:path';
import type { WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import { fileError } from '../../file-error.ts';
import { writeWholeFile } from '../../write-whole-file.ts';
import type { BulkReport } from '../bulk-report.ts';
import type { FileOutcome } from '../outcome.ts';
import { csvColumns, csvReport } from './csv-report.ts';
import { htmlReport } from './html-report.ts';
import { jsonReport } from './json-report.ts';
import type { ReportFact } from './report-fact.ts';

/** Options of {@link writeReport}. */
export interface WriteReportOptions extends WaitOptions {
  /** Replace whatever file is there; by default only an earlier report is replaced. */
  readonly overwrite?: boolean | undefined;
  /** What else the report is to say of the run; user and computer are said anyway. */
  readonly facts?: readonly ReportFact[] | undefined;
}

/** The kinds of report files. */
export type ReportFormat = 'json' | 'csv' | 'html';

const formats: Readonly<Record<string, ReportFormat>> = {
  '.json': 'json',
  '.csv': 'csv',
  '.html': 'html',
  '.htm': 'html',
};

/** How a report of ours begins, so that one may replace another and nothing else. */
const beginnings: Readonly<Record<ReportFormat, string>> = {
  json: '{"sealwrightReport":',
  csv: `\ufeff${csvColumns.slice(0, 4).join(',')},`,
  html: '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n<meta name="generator" content="sealwright-report">',
};

/**
 * Which report a path asks for, by its extension.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` for any other extension
 */
export function reportFormat(path: string): ReportFormat {
  const format = formats[extname(path).toLowerCase()];
  if (format !== undefined) return format;
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `A report is a .html, .csv or .json file, and ${path} ends otherwise: name it report.html, for example.`,
    { path },
  );
}

/**
 * Refuses, before a run begins, a place that its report could not take: a folder that is not there, or a file that is no
 * earlier report.
 *
 * @throws SealwrightError `INVALID_ARGUMENT`, `OUTPUT_EXISTS`, `NOT_A_FILE`, `PERMISSION_DENIED`
 */
export async function assertReportPlace(path: string): Promise<void> {
  const beginning = Buffer.from(beginnings[reportFormat(path)]);
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw fileError(error, { action: 'read', path });
  });
  if (there === undefined) {
    await stat(dirname(path)).catch((error: unknown) => {
      throw fileError(error, { action: 'write', path });
    });
    return;
  }
  if (!there.isFile()) {
    throw new SealwrightError('NOT_A_FILE', `${path} is no file: choose another name for the report.`, {
      path,
    });
  }
  if (there.size === 0 || (await firstBytes(path, beginning.length)).equals(beginning)) return;
  throw new SealwrightError(
    'OUTPUT_EXISTS',
    `${path} is there already and is no report of an earlier run, so it is not replaced: choose another name for the report.`,
    { path },
  );
}

async function firstBytes(path: string, length: number): Promise<Buffer> {
  const found = Buffer.alloc(length);
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { bytesRead } = await file.read(found, 0, length, 0);
      return found.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(error, { action: 'read', path });
  }
}

/**
 * Writes how a bulk run went into a file: `.html` is one self-contained page for people, `.csv` has a line a file, `.json`
 * has everything (spec/cli.md, "Reports"). The file is there whole or not at all. An earlier report is replaced, any
 * other file only with `overwrite`. Memory does not grow with the number of files.
 *
 * @param report how the run went, as `protectFiles` and the others give it
 * @param outcomes what came of each file, in any order
 * @param path where the report goes; its extension says which it is to be
 * @returns bytes written
 * @throws SealwrightError `INVALID_ARGUMENT`, `OUTPUT_EXISTS`, `FILE_NOT_FOUND` (no such folder), `PERMISSION_DENIED`,
 * `NO_SPACE`, `IO_FAILED`; the signal's reason when aborted
 * @example
 * ```ts
 * import { inspectFiles, writeReport, type FileOutcome } from 'sealwright/node';
 * const outcomes: FileOutcome[] = [];
 * const report = await inspectFiles(['documents'], { onFile: (outcome) => void outcomes.push(outcome) });
 * await writeReport(report, outcomes, 'report.html');
 * ```
 */
export async function writeReport(
  report: BulkReport,
  outcomes: AsyncIterable<FileOutcome> | Iterable<FileOutcome>,
  path: string,
  options: WriteReportOptions = {},
): Promise<number> {
  const format = reportFormat(path);
  if (!options.overwrite) await assertReportPlace(path);
  const facts = [...(options.facts ?? []), ...whoAndWhere()];
  const given = inTurn(outcomes);
  const text =
    format === 'csv'
      ? csvReport(given)
      : format === 'json'
        ? jsonReport(report, given, facts)
        : htmlReport(report, given, facts);
  return writeWholeFile(path, inBlocks(text), { overwrite: true, signal: options.signal });
}

function whoAndWhere(): readonly ReportFact[] {
  return [
    ['User', accountName()],
    ['Computer', hostname()],
  ];
}

// An account without an entry in the system's list has no name.
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `number ${process.getuid?.() ?? 'unknown'}`;
  }
}

async function* inTurn(
  outcomes: AsyncIterable<FileOutcome> | Iterable<FileOutcome>,
): AsyncGenerator<FileOutcome> {
  yield* outcomes;
}

/** A write for every 64 KiB or so, and not for every line. */
async function* inBlocks(text: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  let waiting: string[] = [];
  let length = 0;
  for await (const piece of text) {
    waiting.push(piece);
    length += piece.length;
    if (length < 65_536) continue;
    yield Buffer.from(waiting.join(''));
    waiting = [];
    length = 0;
  }
  if (length > 0) yield Buffer.from(waiting.join(''));
}
