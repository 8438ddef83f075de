import { splitName } from '../pfile/extension.ts';

/** Office Open XML: documents, templates and slide shows, with and without macros (spec/office.md, "Documents"). */
const packages = [
  ...['docx', 'docm', 'dotx', 'dotm'],
  ...['xlsx', 'xlsm', 'xlsb', 'xltx', 'xltm', 'xlam'],
  ...['pptx', 'pptm', 'ppsx', 'ppsm', 'potx', 'potm', 'thmx'],
  ...['vsdx', 'vsdm', 'vssx', 'vssm', 'vstx', 'vstm'],
];

/** Word, Excel and PowerPoint 97-2003. `.pot` is not among them, and neither is Visio's `.vsd`. */
const binaries = ['doc', 'dot', 'xls', 'xlt', 'xla', 'ppt', 'pps'];

const known: ReadonlySet<string> = new Set([...packages, ...binaries]);

/** Whether files of this name are protected in Office's own format. */
export const hasOfficeExtension = (name: string): boolean =>
  known.has(splitName(name)[1].slice(1).toLowerCase());
