import type { InspectedCertificate, InspectedLabel, Inspection } from '../protection/index.ts';
import { columns } from './columns.ts';
import { printable } from './printable.ts';
import { byteCount, timeText } from './quantity.ts';
import type { Terminal } from './terminal.ts';

type Row = readonly [label: string, value: string | null];

const kindTexts: Readonly<Record<string, string>> = {
  'office-password': 'an Office file encrypted with a password',
  'damaged-compound-file':
    'a compound file, as older or protected Office files are, that is damaged or cut off',
  'pdf-password': 'a PDF file encrypted with a password',
};

/** What a file tells, for a person: one fact a line, absent facts left out. */
export function inspectionLines(path: string, inspection: Inspection, out: Terminal): string[] {
  const title = out.bold(printable(path));
  const labels = inspection.labels.map((label): Row => ['label', labelText(label)]);
  if (!inspection.protected) {
    const kind = inspection.recognisedAs;
    const note = kind === null || kind === 'plain' ? '' : `: ${kindTexts[kind] ?? printable(kind)}`;
    return [`${title}  ${out.yellow('not protected by Sealwright')}${note}`, ...lines(labels, out)];
  }
  const rows: Row[] = [
    ['format', text([inspection.format, inspection.formatVersion])],
    ['original', originalText(inspection)],
    ['content id', inspection.contentId],
    ['policy', inspection.policyName],
    ['template', inspection.templateId],
    ['owner', inspection.owner],
    ['issuer', inspection.issuer],
    ['issued', time(inspection.issuedAt)],
    ['valid from', time(inspection.validFrom)],
    ['valid until', time(inspection.validUntil)],
    ['ask', inspection.referrer],
    ['cipher', cipherText(inspection)],
    ['licensing', [...new Set(inspection.licensingUrls)].join(', ') || null],
    ...labels,
    ['trust', inspection.trustAnchor ?? 'no known root; only its issuer can vouch for it'],
  ];
  return [
    `${title}  ${out.green('protected')}`,
    ...lines(rows, out),
    `  ${out.dim('certificates')}`,
    ...columns(
      inspection.certificates.map((certificate) => certificateRow(certificate, out)),
      '    ',
    ),
  ];
}

function lines(rows: readonly Row[], out: Terminal): string[] {
  const present = rows.filter((row): row is readonly [string, string] => row[1] !== null);
  return columns(
    present.map(([label, value]) => [out.dim(label.padEnd(12)), printable(value)]),
    '  ',
  );
}

function certificateRow(certificate: InspectedCertificate, out: Terminal): string[] {
  const { digestValid, signatureValid } = certificate;
  const verdict =
    digestValid && signatureValid
      ? out.green('signature good')
      : out.red(digestValid ? 'signature bad' : 'text changed since it was signed');
  return [
    printable(certificate.type),
    out.dim(`by ${printable(certificate.issuer ?? 'unknown')}`),
    out.dim(
      text([
        certificate.keyBits === null ? null : `RSA ${certificate.keyBits}`,
        certificate.digestAlgorithm,
      ]) ?? '',
    ),
    verdict,
  ];
}

function originalText({ originalExtension, originalSize }: Inspection): string | null {
  return text([originalExtension, originalSize === null ? null : byteCount(originalSize)], ', ');
}

function cipherText({ cipherMode, contentKeyBits }: Inspection): string | null {
  return text([cipherMode, contentKeyBits === null ? null : `${contentKeyBits}-bit key`], ', ');
}

function labelText(label: InspectedLabel): string {
  return text([label.name, label.id, label.method], '  ') ?? label.id;
}

function text(parts: readonly (string | null)[], separator = ' '): string | null {
  return parts.filter((part) => part !== null && part !== '').join(separator) || null;
}

function time(iso: string | null): string | null {
  if (iso === null) return null;
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : timeText(date);
}
