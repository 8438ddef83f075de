export {
  type UsageRecord,
  type UsageRequestType,
  usageRequestTypes,
  usageSuccess,
} from './usage-record.ts';
export { formatW3cLog, formatW3cRow, type W3cField, w3cFields, w3cHeader } from './w3c-format.ts';
export { parseW3cLog, type W3cRow } from './w3c-parse.ts';
