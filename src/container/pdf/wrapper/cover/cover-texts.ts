import type { CoverLanguage, CoverText } from '../../settings.ts';

const texts: Readonly<Record<CoverLanguage, Omit<CoverText, 'language'>>> = {
  en: {
    title: 'This document is protected',
    paragraphs: [
      'Its content is encrypted, and only the people it is meant for can read it. You see this page because your reader cannot open it.',
      'Use a reader that supports Microsoft Purview Information Protection (rights management), and sign in with the account that was given access.',
      'If it still does not open, ask the person who sent it to you.',
    ],
  },
  de: {
    title: 'Dieses Dokument ist geschützt',
    paragraphs: [
      'Der Inhalt ist verschlüsselt; nur wer dafür vorgesehen ist, kann ihn lesen. Sie sehen diese Seite, weil Ihr Programm ihn nicht öffnen kann.',
      'Verwenden Sie ein Programm, das Microsoft Purview Information Protection (Rechteverwaltung) unterstützt, und melden Sie sich mit dem Konto an, das Zugriff erhalten hat.',
      'Öffnet sich das Dokument auch dann nicht, fragen Sie bitte den Absender.',
    ],
  },
  fr: {
    title: 'Ce document est protégé',
    paragraphs: [
      'Son contenu est chiffré et réservé à ses destinataires. Cette page s’affiche parce que votre lecteur ne peut pas l’ouvrir.',
      'Utilisez un lecteur compatible avec Microsoft Purview Information Protection (gestion des droits) et connectez-vous avec le compte qui a reçu l’accès.',
      'Si le document ne s’ouvre toujours pas, adressez-vous à son expéditeur.',
    ],
  },
  es: {
    title: 'Este documento está protegido',
    paragraphs: [
      'Su contenido está cifrado y solo pueden leerlo sus destinatarios. Ve esta página porque su lector no puede abrirlo.',
      'Use un lector compatible con Microsoft Purview Information Protection (gestión de derechos) e inicie sesión con la cuenta que recibió acceso.',
      'Si aun así no se abre, consulte a la persona que se lo envió.',
    ],
  },
  it: {
    title: 'Questo documento è protetto',
    paragraphs: [
      'Il contenuto è cifrato e può essere letto solo dai destinatari. Questa pagina appare perché il lettore in uso non può aprirlo.',
      'Usare un lettore che supporti Microsoft Purview Information Protection (gestione dei diritti) e accedere con l’account che ha ricevuto l’autorizzazione.',
      'Se il documento non si apre comunque, rivolgersi a chi lo ha inviato.',
    ],
  },
  pt: {
    // Not that of the Spanish text, which may stand right above it.
    title: 'Documento protegido',
    paragraphs: [
      'O conteúdo está cifrado e só pode ser lido pelos destinatários. Esta página aparece porque o seu leitor não consegue abri-lo.',
      'Utilize um leitor compatível com o Microsoft Purview Information Protection (gestão de direitos) e inicie sessão com a conta que recebeu acesso.',
      'Se mesmo assim não abrir, contacte quem lhe enviou o documento.',
    ],
  },
  nl: {
    title: 'Dit document is beveiligd',
    paragraphs: [
      'De inhoud is versleuteld en alleen te lezen door de mensen voor wie die bedoeld is. U ziet deze pagina omdat uw lezer het document niet kan openen.',
      'Gebruik een lezer die Microsoft Purview Information Protection (rechtenbeheer) ondersteunt en meld u aan met het account dat toegang heeft gekregen.',
      'Opent het document dan nog niet, vraag het dan aan de afzender.',
    ],
  },
};

/** Every language there is a text in, in the order in which they are set. */
export const coverLanguages = Object.freeze(Object.keys(texts)) as readonly CoverLanguage[];

/** Our text in one language; `undefined` if there is none. */
export function coverText(language: string): CoverText | undefined {
  const text = Object.hasOwn(texts, language) ? texts[language as CoverLanguage] : undefined;
  return text && { language, ...text };
}
