import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPdf, withPage } from '../../src/container/pdf/test/build-pdf.ts';
import { folders } from './samples.ts';

/** A message to which documents are attached that protection knows how to protect for themselves. */
export function messageWithDocuments(): Uint8Array {
  const office = (name: string) => readFileSync(join(folders.officeCorpus, name));
  const documents = [
    ['a.docx', office('labelled.docx')],
    ['b.doc', office('labelled.doc')],
    ['c.pdf', withPage(buildPdf()).table('/Root 1 0 R/Size 5').end().bytes()],
    [
      'd.eml',
      Buffer.from('From: a@example.com\r\nSubject: attached\r\nTo: b@example.com\r\n\r\nattached\r\n'),
    ],
  ] as const;
  const parts = documents.map(
    ([name, bytes]) =>
      `--limit\r\nContent-Type: application/octet-stream; name="${name}"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\n${Buffer.from(
        bytes,
      )
        .toString('base64')
        .replace(/.{76}(?=.)/g, '$&\r\n')}\r\n`,
  );
  return new Uint8Array(
    Buffer.from(
      `From: a@example.com\r\nTo: b@example.com\r\nSubject: documents\r\nContent-Type: multipart/mixed; boundary="limit"\r\n\r\n--limit\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n${parts.join('')}--limit--\r\n`,
    ),
  );
}
