/** The name of the protected document in its wrapper; readers know it by that (spec/pdf.md, "Wrapper"). */
export const payloadName = 'MicrosoftIRMServices Protected PDF.pdf';

/** The crypt filter that the protected document is encrypted with: the handler's name. */
export const payloadFilter = 'MicrosoftIRMServices';

/** What Microsoft's writers say of the protected document. */
export const payloadDescription = 'This embedded file is encrypted using MicrosoftIRMServices filter';
