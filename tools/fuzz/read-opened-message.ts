import { SealwrightError } from '../../src/errors.ts';
import { type MessageContent, type OpenedMessage, openMessage } from '../../src/index.ts';
import { instantService } from './instant-service.ts';
import { fileRefusals } from './target.ts';

const draft = { from: 'alice@contoso.com', to: ['bob@contoso.com'], text: 'Thank you.' };
const nowhere = { write: (): void => undefined };

/** Opens a protected message and does with it what people do: reads it and what is attached, answers and forwards it. */
export async function readOpenedMessage(input: Uint8Array, name: string): Promise<void> {
  const message = await openMessage(input, { service: instantService, name });
  try {
    await readContent(message, 0);
    await message.toEml().writeTo(nowhere);
    await message.toMsg().writeTo(nowhere);
    for (const answer of [message.reply, message.replyAll, message.forward] as const)
      await unlessRefused(async () => (await answer(draft)).writeTo(nowhere));
  } finally {
    message.close();
  }
}

async function readContent(message: MessageContent | OpenedMessage, depth: number): Promise<void> {
  await unlessRefused(() => message.text());
  await unlessRefused(() => message.html());
  for (const attachment of message.attachments) {
    await attachment.source?.read(0, 1000);
    if (attachment.message !== undefined) await readContent(attachment.message, depth + 1);
    if (attachment.isProtected && depth < 4)
      await unlessRefused(async () => {
        const inner = await attachment.open();
        try {
          await readContent(inner, depth + 1);
        } finally {
          inner.close();
        }
      });
  }
}

async function unlessRefused(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SealwrightError) || !fileRefusals.has(error.code)) throw error;
  }
}
