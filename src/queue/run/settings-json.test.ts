import { describe, expect, it } from 'vitest';
import type { TaskSettings } from '../../node/bulk/core.ts';
import { maxSettings, parseSettings, settingsJson } from './settings-json.ts';

describe('Settings that workers take from a database', () => {
  it('are those that were submitted, cover pages and times among them', () => {
    const settings: TaskSettings = {
      operation: 'protect',
      messagePolicy: { rights: 'do-not-forward', validUntil: new Date('2030-01-01T00:00:00Z') },
      format: 'mail',
      documentSettings: {
        pdf: { cover: { document: Uint8Array.of(0x25, 0xff, 0), paper: 'letter' } },
        mail: { protectAttachments: false, stub: { plain: 'Ask the help desk.' } },
      },
    };
    expect(parseSettings(settingsJson(settings))).toEqual(settings);
    expect(parseSettings(settingsJson({ operation: 'open', mailAs: 'msg' }))).toEqual({
      operation: 'open',
      mailAs: 'msg',
    });
  });

  it.each([
    { operation: 'protect', messagePolicy: { rights: 'everything' } },
    { operation: 'protect', messagePolicy: {} },
    { operation: 'protect', documentSettings: { pdf: { cover: { document: 'no base64!' } } } },
    { operation: 'protect', documentSettings: { mail: { stub: { html: '<p>' } } } },
    { operation: 'protect', documentSettings: { office: {} } },
    { operation: 'open', mailAs: '../eml' },
  ])('are refused if they say what no run says: %j', (settings) => {
    expect(() => parseSettings(JSON.stringify(settings))).toThrowError(
      expect.objectContaining({ code: 'MALFORMED_ANSWER' }),
    );
  });

  it('are refused before they are kept if a cover page makes them too long', () => {
    const document = new Uint8Array(maxSettings);
    expect(() =>
      settingsJson({ operation: 'protect', documentSettings: { pdf: { cover: { document } } } }),
    ).toThrowError(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
  });
});
