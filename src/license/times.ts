import { element, formatXrmlTime, type XmlMarkup } from '../xrml/index.ts';

/** Stands for "no end": licenses have no other way to leave UNTIL open. */
export const noEnd = new Date('9999-12-31T23:59:00Z');

/** The minute that `date` lies in; licenses keep time to the minute. */
export const startOfMinute = (date: Date): Date => new Date(Math.floor(date.getTime() / 60_000) * 60_000);

export const issuedTime = (date: Date): XmlMarkup => element('ISSUEDTIME', {}, formatXrmlTime(date));

/** A half-open interval: FROM is included, UNTIL is not. */
export const interval = (name: 'VALIDITYTIME' | 'RANGETIME', from: Date, until: Date): XmlMarkup =>
  element(name, {}, element('FROM', {}, formatXrmlTime(from)), element('UNTIL', {}, formatXrmlTime(until)));
