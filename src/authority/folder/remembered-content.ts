import type { TrackedContent } from '../store/authority-store.ts';

/** Contents that are kept; the one unseen for longest makes room. */
const most = 4096;

/** What the store says of contents, kept until it may say something else. */
export interface RememberedContent {
  read(contentId: string): TrackedContent | undefined;
  /** Something about this content changes, or about any of them. */
  forget(contentId?: string): void;
}

/**
 * Keeps what was read of contents for as long as nobody else writes: `version` changes with every commit of another
 * connection, so that what another process revokes counts at once. What this connection writes, it has to tell.
 */
export function rememberContent(
  version: () => number,
  read: (contentId: string) => TrackedContent | undefined,
  keep = most,
): RememberedContent {
  const known = new Map<string, TrackedContent>();
  let current: number | undefined;
  return {
    read(contentId) {
      const now = version();
      if (now !== current) known.clear();
      current = now;
      let tracked = known.get(contentId);
      if (tracked !== undefined) known.delete(contentId);
      // An unknown content is not kept: it gets known with its first license.
      else tracked = read(contentId);
      if (tracked === undefined) return undefined;
      if (known.size >= keep) known.delete(known.keys().next().value as string);
      // Under the text that the store gave: the one that was asked with may be a piece of a whole license, and hold it.
      known.set(tracked.content.contentId, tracked);
      const { content, revocations } = tracked;
      return {
        content: { ...content, publishedAt: new Date(content.publishedAt) },
        revocations: revocations.map((each) => ({ ...each, at: new Date(each.at) })),
      };
    },
    forget(contentId) {
      if (contentId === undefined) known.clear();
      else known.delete(contentId);
    },
  };
}
