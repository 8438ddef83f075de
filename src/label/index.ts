export type { LabelMetadata } from './label.ts';
export type { LabelChange, LabelProperty, NewLabel } from './label-change.ts';
export { changeLabelInfo, readLabelInfo } from './label-info.ts';
export type { LabelPlace, StatedLabels } from './label-place.ts';
export { readPfileLabels } from './pfile-labels.ts';
export { changeProperties, isLabelProperty, labelsFromProperties } from './properties.ts';
