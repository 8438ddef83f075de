import type { Command } from 'commander';
import { type CloudName, staticToken } from '../../licensing/index.ts';
import { resolveSrv } from '../../node/network/index.ts';
import { carryOut, jsonOption, type Outcome, type OutputOptions } from '../command-action.ts';
import { diagnose } from '../doctor/diagnose.ts';
import type { DiagnoseOptions } from '../doctor/examination.ts';
import type { Finding } from '../doctor/finding.ts';
import { findingLines, summaryLine, targetLine } from '../doctor/report.ts';
import { doctorTargets } from '../doctor/targets.ts';
import { addExamples } from '../examples-text.ts';
import { exitCodes } from '../exit-codes.ts';
import { trustOf } from '../service/remote-service.ts';
import { addServicePlaceOptions } from '../service/service-options.ts';
import { servicePlace } from '../service/service-place.ts';
import { profileTokens } from '../service/tokens.ts';
import { type Session, writeLine } from '../session.ts';
import { parseWholeNumber } from '../time-option.ts';
import { usageError } from '../usage-error.ts';

interface DoctorOptions extends OutputOptions {
  readonly service?: string;
  readonly profile?: string;
  readonly trust?: readonly string[];
  readonly as?: string;
  readonly cloud?: string;
  readonly all?: boolean;
  readonly explain?: boolean;
  readonly timeout?: string;
}
