import { describe, expect, it } from 'vitest';
import type { TrackedContent } from '../store/authority-store.ts';
import { rememberContent } from './remembered-content.ts';

const tracked = (contentId: string): TrackedContent => ({
  content: {
    contentId,
    owner: 'alice@contoso.com',
    issuer: 'alice@contoso.com',
    publishedAt: new Date(0),
    templateId: undefined,
    name: undefined,
  },
  revocations: [{ contentId, user: undefined, by: 'alice@contoso.com', at: new Date(1) }],
});

function counting(keep?: number) {
  const state = { version: 1, reads: 0 };
  const remembered = rememberContent(
    () => state.version,
    (contentId) => {
      state.reads++;
      return contentId === 'none' ? undefined : tracked(contentId);
    },
    keep,
  );
  return { state, remembered };
}

describe('what the store said of a content', () => {
  it('is read once, as long as nobody writes', () => {
    const { state, remembered } = counting();
    expect(remembered.read('a')).toEqual(tracked('a'));
    expect(remembered.read('a')).toEqual(tracked('a'));
    expect(state.reads).toBe(1);
  });

  it('is read again once another connection wrote, or this one said so', () => {
    const { state, remembered } = counting();
    remembered.read('a');
    state.version = 2;
    remembered.read('a');
    expect(state.reads).toBe(2);
    remembered.forget('a');
    remembered.read('a');
    expect(state.reads).toBe(3);
    remembered.forget('b');
    remembered.read('a');
    expect(state.reads).toBe(3);
    remembered.forget();
    remembered.read('a');
    expect(state.reads).toBe(4);
  });

  it('is not changed by whoever changes what they got', () => {
    const { remembered } = counting();
    remembered.read('a')?.content.publishedAt.setTime(5);
    remembered.read('a')?.revocations[0]?.at.setTime(5);
    (remembered.read('a')?.revocations as unknown[] | undefined)?.pop();
    expect(remembered.read('a')).toEqual(tracked('a'));
  });

  it('is asked for each time where there is none, and forgotten where there are too many', () => {
    const { state, remembered } = counting(2);
    remembered.read('none');
    remembered.read('none');
    expect(state.reads).toBe(2);
    for (const each of ['a', 'b', 'a', 'c']) remembered.read(each);
    expect(state.reads).toBe(5);
    remembered.read('a');
    expect(state.reads).toBe(5);
    remembered.read('b');
    expect(state.reads).toBe(6);
  });
});
