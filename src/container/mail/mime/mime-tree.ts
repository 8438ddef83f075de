import { type ByteSource, encodeHex, encodeUtf8, sha256, type WaitOptions } from '../../../bytes/index.ts';
import type { DocumentWriter } from '../../document-format.ts';
import type { BodyForm } from './body-form.ts';
import { mimeLimits } from './limits.ts';
import type { MessagePlan } from './message-plan.ts';
import { tooLarge } from './mime-part.ts';

/** A part to be written anew. */
export type MimeNode = LeafNode | MultipartNode;

export interface LeafNode {
  readonly kind: 'leaf';
  /** Fields of its header, each with its line break. */
  readonly header: string;
  readonly content: { readonly source: ByteSource | DocumentWriter; readonly form: BodyForm } | MessagePlan;
}

export interface MultipartNode {
  readonly kind: 'multipart';
  /** `mixed`, `alternative`, … */
  readonly subtype: string;
  /** Further parameters of its type, as written. */
  readonly parameters?: string | undefined;
  readonly children: readonly MimeNode[];
}

const marker = '=_sealwright-';
const digits = 24;

/**
 * A message of new parts.
 *
 * Boundaries hold `=_`, which base64 and quoted-printable never do; what is written without an encoding is searched for
 * them first. The same input gives the same boundaries.
 *
 * @param header fields of the message, without those that its structure says
 * @param seed what tells this message from others
 */
export async function treePlan(
  header: Uint8Array,
  root: MimeNode,
  seed: string,
  options?: WaitOptions,
): Promise<MessagePlan> {
  const taken = new Set<string>();
  await collectBoundaries(root, taken, options);
  let name = hashOf(seed);
  while (taken.has(name)) name = hashOf(name);
  const pieces: MessagePlan['pieces'][number][] = [];
  let [text, count, eightBit] = ['', 0, false];
  const flush = (): void => {
    if (text !== '') pieces.push({ kind: 'literal', bytes: encodeUtf8(text) });
    text = '';
  };
  const write = (node: MimeNode): void => {
    if (node.kind === 'leaf') {
      text += `${node.header}\r\n`;
      flush();
      if ('pieces' in node.content) {
        pieces.push(...node.content.pieces);
        eightBit ||= node.content.eightBit;
      } else pieces.push({ kind: 'content', content: node.content.source, form: node.content.form });
      return;
    }
    const boundary = `${marker}${name}-${count++}`;
    const parameters = node.parameters ?? '';
    text += `Content-Type: multipart/${node.subtype}${parameters};\r\n\tboundary="${boundary}"\r\n`;
    for (const child of node.children) {
      text += `\r\n--${boundary}\r\n`;
      write(child);
    }
    text += `\r\n--${boundary}--\r\n`;
  };
  pieces.push({ kind: 'literal', bytes: header });
  text += 'MIME-Version: 1.0\r\n';
  write(root);
  flush();
  return { pieces, eightBit };
}

const hashOf = (text: string): string => encodeHex(sha256(encodeUtf8(text))).slice(0, digits);

/** Names of boundaries of our kind in what is written as it is. */
async function collectBoundaries(
  node: MimeNode,
  taken: Set<string>,
  options: WaitOptions | undefined,
): Promise<void> {
  if (node.kind === 'multipart') {
    for (const child of node.children) await collectBoundaries(child, taken, options);
    return;
  }
  if (!('pieces' in node.content)) return;
  let tail = '';
  const look = (bytes: Uint8Array): void => {
    const text = tail + decoder.decode(bytes);
    for (const match of text.matchAll(new RegExp(`${marker}([0-9a-f]{${digits}})`, 'g')))
      taken.add(match[1] as string);
    if (taken.size > mimeLimits.parts) throw tooLarge('boundaries', mimeLimits.parts, 0);
    tail = text.slice(-(marker.length + digits));
  };
  for (const piece of node.content.pieces)
    if (piece.kind === 'literal') look(piece.bytes);
    else if (piece.form.encoding === 'identity' && 'read' in piece.content) {
      const { size = 0 } = piece.content;
      for (let at = 0; at < size; at += windowLength) {
        options?.signal?.throwIfAborted();
        look(await piece.content.read(at, Math.min(windowLength, size - at), options));
      }
    }
}

const windowLength = 64 * 1024;
const decoder = new TextDecoder('windows-1252');
