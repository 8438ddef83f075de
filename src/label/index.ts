export type { LabelMetadata } from './label.ts';
export { readPfileLabels } from './pfile-labels.ts';
