export {
  type CarriedLabels,
  containerLabels,
  readCarriedLabels,
  readContainerLabels,
  withCarriedLabels,
} from './carry.ts';
export { changeLabels } from './change-labels.ts';
export type { LabelMetadata } from './label.ts';
export type { LabelChange, LabelProperty, NewLabel } from './label-change.ts';
export { changeLabelInfo, readLabelInfo } from './label-info.ts';
export { readPfileLabels } from './pfile-labels.ts';
export { changeProperties, isLabelProperty, labelsFromProperties } from './properties.ts';
export { type LabelOptions, readLabels } from './read-labels.ts';
