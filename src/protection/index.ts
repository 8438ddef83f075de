export type { ContentInput } from '../bytes/index.ts';
export { type CarriedTransform, carriedTransform } from './carried-transform.ts';
export {
  type ChosenFormat,
  chooseFormat,
  type DocumentStart,
  recogniseDocument,
  refuseProtected,
} from './choose-format.ts';
export type { CarriedCipher, ContentCarrier, ContentJourney } from './content-carrier.ts';
export { type InspectOptions, inspect } from './inspect.ts';
export type { InspectedCertificate, InspectedLabel, Inspection } from './inspection.ts';
export { messageParticipants } from './message-participants.ts';
export { open } from './open.ts';
export { openMessage } from './open-message.ts';
export type { OpenedContent } from './opened-content.ts';
export type {
  Draft,
  MessageContent,
  OpenedAttachment,
  OpenedMessage,
  WrittenMessage,
} from './opened-message.ts';
export type {
  OpenOptions,
  PolicyChoice,
  ProtectOptions,
  ProtectSettings,
  ReprotectOptions,
  ServiceOptions,
} from './options.ts';
export { protect, protectChosen } from './protect.ts';
export type { ProtectedContent, TransferOptions } from './protected-content.ts';
export { carrierHere, wholeSegments } from './pump.ts';
export { removeProtection } from './remove-protection.ts';
export { reprotect } from './reprotect.ts';
