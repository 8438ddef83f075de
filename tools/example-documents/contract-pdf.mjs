/** What stands on each page: a heading starts with `#`, an empty string is a gap, all else is a paragraph. */
const pages = [
  [
    '# Lease Agreement',
    'between Harbor Street Properties Ltd. (the "Landlord") and Contoso Ltd. (the "Tenant")',
    '',
    '# 1. Premises',
    'The Landlord lets to the Tenant the second floor of 14 Harbor Street, 117 square meters as shown in the attached floor plan, together with six parking places in the yard.',
    '# 2. Term',
    'The lease begins on 1 June and runs for five years. The Tenant may end it after three years by giving six months of notice in writing.',
    '# 3. Rent',
    'The rent is 9,200 a month, due on the third working day. It includes heating, on weekends too, and the cleaning of stairs and entrance. Electricity and data lines are paid by the Tenant.',
    '# 4. Deposit',
    'The Tenant pays a deposit of two months of rent before the keys are handed over. The Landlord returns it within eight weeks after the end of the lease, less the cost of damage beyond ordinary wear.',
    '# 5. Alterations',
    'The Tenant may lay network cables, fit a lock and cooling to the room next to the kitchen and use it for servers. Walls may be moved only with consent in writing.',
  ],
  [
    '# 6. Confidentiality',
    'The parties keep the terms of this agreement confidential until both have signed it. A copy given to an adviser must be protected so that it cannot be printed or forwarded.',
    '# 7. Handing over',
    'On the first day both parties walk through the premises and note every defect. What is not noted counts as sound. On the last day the premises are returned clean and empty.',
    '# 8. Final provisions',
    'Changes to this agreement need the written form. If one clause is void, the others stand, and the parties replace the void one by what comes nearest to its purpose.',
    '',
    '',
    'Landlord: ______________________________     Date: ________________',
    '',
    '',
    'Tenant:   ______________________________     Date: ________________',
  ],
];

const page = { width: 595, height: 842, margin: 72 };
const bodySize = 11;

/** Widths of Helvetica's characters from space to `z`, in thousandths of the font size. */
const widths = (
  '278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 ' +
  '584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 ' +
  '667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 ' +
  '278 556 500 722 500 500 500'
).split(' ');
const widthOf = (text) =>
  [...text].reduce((sum, c) => sum + Number(widths[c.charCodeAt(0) - 32]), 0) * (bodySize / 1000);
const escaped = (text) => text.replace(/[\\()]/g, '\\$&');

function wrap(paragraph) {
  if (paragraph.includes('___')) return [paragraph];
  const lines = [''];
  for (const word of paragraph.split(' ')) {
    const longer = lines.at(-1) === '' ? word : `${lines.at(-1)} ${word}`;
    if (widthOf(longer) <= page.width - 2 * page.margin) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function contentOf(paragraphs, number) {
  let y = page.height - page.margin;
  const operators = [];
  const show = (font, size, text, x = page.margin) =>
    operators.push(`BT /${font} ${size} Tf ${x} ${y} Td (${escaped(text)}) Tj ET`);
  for (const paragraph of paragraphs) {
    if (paragraph === '') y -= 18;
    else if (paragraph.startsWith('# ')) {
      const isTitle = paragraph === pages[0][0];
      y -= isTitle ? 8 : 12;
      show('F2', isTitle ? 22 : 13, paragraph.slice(2));
      y -= isTitle ? 26 : 18;
    } else {
      for (const line of wrap(paragraph)) {
        show(paragraph.includes('___') ? 'F3' : 'F1', bodySize, line);
        y -= 16;
      }
      y -= 4;
    }
  }
  y = 40;
  operators.push(`0.5 w ${page.margin} 56 m ${page.width - page.margin} 56 l S`);
  show('F1', 9, `Lease Agreement, 14 Harbor Street, page ${number} of ${pages.length}`);
  return operators.join('\n');
}

/** The contract as a PDF 1.4 with the fonts every reader has. */
export function contractPdf() {
  const font = (name) => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
  const pageIds = pages.map((_, i) => 6 + 2 * i);
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${pages.length} /Kids [${pageIds.map((id) => `${id} 0 R`).join(' ')}] >>`,
    font('Helvetica'),
    font('Helvetica-Bold'),
    font('Courier'),
  ];
  for (const [i, paragraphs] of pages.entries()) {
    const content = contentOf(paragraphs, i + 1);
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${page.width} ${page.height}] /Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R >> >> /Contents ${pageIds[i] + 1} 0 R >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    );
  }
  objects.push('<< /Title (Lease Agreement) /Producer (Sealwright examples) >>');

  let text = '%PDF-1.4\n%\xe2\xe3\xcf\xd3\n';
  const offsets = objects.map((object, i) => {
    const offset = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  text += `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R /Info ${objects.length} 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}
