import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { heard } from './processes.test-support.ts';
import { telling } from './telling.test-support.ts';

// PDFs by LibreOffice Writer, Calc and Draw, from flat documents.

const { word, title, author } = telling;

const namespaces = ['office', 'style', 'text', 'table', 'meta']
  .map((name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`)
  .concat(
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"',
    'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"',
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"',
    'xmlns:xlink="http://www.w3.org/1999/xlink"',
    'xmlns:dc="http://purl.org/dc/elements/1.1/"',
  )
  .join(' ');

const flat = (kind: string, body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><office:document ${namespaces} office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.${kind}"><office:meta><dc:title>${title}</dc:title><meta:initial-creator>${author}</meta:initial-creator><dc:creator>${author}</dc:creator></office:meta><office:body>${body}</office:body></office:document>`;

const documents: Readonly<Record<string, string>> = {
  'writer.fodt': flat(
    'text',
    `<office:text><text:h text:outline-level="1">${word} heading</text:h><text:p>Text with <text:a xlink:type="simple" xlink:href="https://${word}.example/">a link</text:a> and a note<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>${word} below</text:p></text:note-body></text:note>.</text:p><text:p>${'Some more words that fill lines. '.repeat(40)}</text:p></office:text>`,
  ),
  'calc.fods': flat(
    'spreadsheet',
    `<office:spreadsheet><table:table table:name="${word}">${[1, 2, 3, 4]
      .map(
        (row) =>
          `<table:table-row><table:table-cell office:value-type="string"><text:p>${word} ${row}</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="${row * 7}"><text:p>${row * 7}</text:p></table:table-cell></table:table-row>`,
      )
      .join('')}</table:table></office:spreadsheet>`,
  ),
  'draw.fodg': flat(
    'graphics',
    `<office:drawing><draw:page draw:name="${word}"><draw:rect svg:x="2cm" svg:y="2cm" svg:width="5cm" svg:height="3cm"><text:p>${word}</text:p></draw:rect><draw:ellipse svg:x="8cm" svg:y="6cm" svg:width="4cm" svg:height="4cm"/></draw:page></office:drawing>`,
  ),
};

/** Whether LibreOffice is there. Asking it takes as long as a document. */
export const libreOfficePresent = ['/usr/bin/soffice', '/usr/local/bin/soffice'].some(existsSync);

/** @returns names of PDFs in the folder */
export async function madeByLibreOffice(folder: string): Promise<readonly string[]> {
  const inputs = Object.entries(documents).map(([name, content]) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  });
  const profile = pathToFileURL(join(folder, 'libreoffice-profile')).href;
  const given = [`-env:UserInstallation=${profile}`, '--headless', '--norestore', '--convert-to', 'pdf'];
  const [office] = await heard([{ program: 'soffice', options: [...given, '--outdir', folder, ...inputs] }]);
  const names = Object.keys(documents).map((name) => name.replace(/\.\w+$/, '.pdf'));
  if (!names.every((name) => office?.output.includes(name)))
    throw new Error(`LibreOffice did not make all PDFs: ${office?.output}${office?.complaints}`);
  return names;
}
