import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { memorySource } from '../../bytes/index.ts';
import { changeLabels } from '../change-labels.ts';
import type { LabelChange, NewLabel } from '../label-change.ts';
import { readLabels } from '../read-labels.ts';

export const id = '10000000-0000-4000-8000-000000000001';
export const second = '10000000-0000-4000-8000-000000000002';
export const site = '11111111-2222-3333-4444-555555555555';
export const otherSite = '99999999-2222-3333-4444-555555555555';
export const label: NewLabel = {
  id,
  siteId: site,
  name: 'Secret & "more" <é>',
  method: 'Privileged',
  contentBits: 8,
  setDate: new Date(0),
};

const relationshipsNs = 'http://schemas.openxmlformats.org/package/2006/relationships';
export const officeNs = 'http://schemas.openxmlformats.org/officeDocument/2006';
export const labelInfoType = 'http://schemas.microsoft.com/office/2020/02/relationships/classificationlabels';
const labelInfoNs = 'http://schemas.microsoft.com/office/2020/mipLabelMetadata';
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

/** Parts of a small workbook, as text. */
export const workbook: Readonly<Record<string, string>> = {
  '[Content_Types].xml': `${head}\r\n<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>`,
  '_rels/.rels': `${head}\r\n<Relationships xmlns="${relationshipsNs}"><Relationship Id="rId1" Type="${officeNs}/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': '<workbook/>',
};

export const infoOf = (labels: string): string =>
  `<?xml version="1.0" encoding="utf-8" standalone="yes"?><clbl:labelList xmlns:clbl="${labelInfoNs}">${labels}</clbl:labelList>`;
export const infoLabel = (guid: string, tenant = site): string =>
  `<clbl:label id="{${guid}}" enabled="1" method="Standard" siteId="{${tenant}}" removed="0" />`;
export const removedMark = (tenant = site): string =>
  `<clbl:label id="{${tenant}}" enabled="0" method="" siteId="{${tenant}}" removed="1" />`;
export const property = (pid: number, name: string, value: string): string =>
  `<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="${pid}" name="${name}"><vt:lpwstr>${value}</vt:lpwstr></property>`;
export const customOf = (properties: string): string =>
  `${head}\n<Properties xmlns="${officeNs}/custom-properties" xmlns:vt="${officeNs}/docPropsVTypes">${properties}</Properties>`;
export const labelProperties =
  property(3, `MSIP_Label_${id}_Enabled`, 'true') +
  property(4, `MSIP_Label_${id}_SiteId`, site) +
  property(7, `MSIP_Label_${id}_Name`, 'General') +
  property(9, 'Sensitivity', 'General');

/** The workbook with LabelInfo, custom properties, or both, as Office adds them. */
export function withLabels(info: string | undefined, custom: string | undefined): Record<string, string> {
  const related =
    (info === undefined
      ? ''
      : `<Relationship Id="rId2" Type="${labelInfoType}" Target="docMetadata/LabelInfo.xml"/>`) +
    (custom === undefined
      ? ''
      : `<Relationship Id="rId7" Type="${officeNs}/relationships/custom-properties" Target="/docProps/custom.xml"/>`);
  const rels = workbook['_rels/.rels'] as string;
  return {
    ...workbook,
    '_rels/.rels': rels.replace('</Relationships>', `${related}</Relationships>`),
    ...(info === undefined ? {} : { 'docMetadata/LabelInfo.xml': info }),
    ...(custom === undefined ? {} : { 'docProps/custom.xml': custom }),
  };
}

export const sourceOf = (parts: Readonly<Record<string, string | Uint8Array>>) =>
  memorySource(
    zipSync(
      Object.fromEntries(
        Object.entries(parts).map(([name, part]) => [name, typeof part === 'string' ? strToU8(part) : part]),
      ),
    ),
  );

export async function changed(parts: Readonly<Record<string, string | Uint8Array>>, change: LabelChange) {
  const result = await changeLabels(sourceOf(parts), change);
  const bytes = new Uint8Array(await result.read(0, result.size as number));
  const files = unzipSync(bytes);
  return {
    labels: await readLabels(memorySource(bytes)),
    text: (name: string) => (files[name] === undefined ? undefined : strFromU8(files[name])),
    files,
  };
}
