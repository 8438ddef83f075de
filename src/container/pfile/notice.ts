import { encodeUtf8 } from '../../bytes/index.ts';

/** What someone sees who opens a protected file in a text editor; readers never interpret it (spec/pfile.md, section 1.1). */
export const notice = encodeUtf8(
  [
    '',
    'This file is protected with rights management: its content is encrypted.',
    'To read it, open it with an application that supports protected files,',
    'as a person to whom its owner granted access.',
    'Please do not change this file; a changed file cannot be opened.',
    '',
    '',
  ].join('\r\n'),
);
