/** What the clear part of a protected message says, in one language. */
export interface StubText {
  /** Language tag, BCP 47. */
  readonly language: string;
  readonly title: string;
  readonly body: string;
}

const text = (language: string, title: string, body: string): StubText =>
  Object.freeze({ language, title, body });

/** The clear part in the languages it is shown in, in this order (spec/mail.md, "Stub"). */
export const stubTexts: readonly StubText[] = Object.freeze([
  text(
    'en',
    'This message is protected.',
    'Only the people it was sent to can read it. Open the attachment message.rpmsg in a mail program that knows rights management, and sign in with the address that this message was sent to.',
  ),
  text(
    'de',
    'Diese Nachricht ist geschützt.',
    'Nur ihre Empfänger können sie lesen. Öffnen Sie die Anlage message.rpmsg in einem E-Mail-Programm mit Rechteverwaltung, und melden Sie sich mit der Adresse an, an die diese Nachricht ging.',
  ),
  text(
    'fr',
    'Ce message est protégé.',
    'Seuls ses destinataires peuvent le lire. Ouvrez la pièce jointe message.rpmsg dans un logiciel de messagerie qui gère les droits, et connectez-vous avec l’adresse à laquelle ce message a été envoyé.',
  ),
  text(
    'es',
    'Este mensaje está protegido.',
    'Solo pueden leerlo sus destinatarios. Abra el archivo adjunto message.rpmsg en un programa de correo con gestión de derechos e inicie sesión con la dirección a la que se envió este mensaje.',
  ),
  text(
    'it',
    'Questo messaggio è protetto.',
    'Possono leggerlo solo i destinatari. Aprire l’allegato message.rpmsg in un programma di posta con gestione dei diritti e accedere con l’indirizzo a cui è stato inviato questo messaggio.',
  ),
  text(
    'pt',
    'Esta mensagem está protegida.',
    'Só os destinatários podem lê-la. Abra o anexo message.rpmsg num programa de correio com gestão de direitos e inicie sessão com o endereço para o qual esta mensagem foi enviada.',
  ),
  text(
    'nl',
    'Dit bericht is beveiligd.',
    'Alleen de ontvangers kunnen het lezen. Open de bijlage message.rpmsg in een e-mailprogramma met rechtenbeheer en meld u aan met het adres waarnaar dit bericht is verzonden.',
  ),
  text(
    'pl',
    'Ta wiadomość jest chroniona.',
    'Mogą ją przeczytać tylko jej adresaci. Otwórz załącznik message.rpmsg w programie pocztowym z obsługą zarządzania prawami i zaloguj się adresem, na który wysłano tę wiadomość.',
  ),
  text(
    'ru',
    'Это сообщение защищено.',
    'Прочитать его могут только получатели. Откройте вложение message.rpmsg в почтовой программе, которая поддерживает управление правами, и войдите с адресом, на который отправлено это сообщение.',
  ),
  text(
    'ja',
    'このメッセージは保護されています。',
    '読むことができるのは受信者だけです。添付ファイル message.rpmsg を権限管理に対応したメールソフトで開き、このメッセージの宛先アドレスでサインインしてください。',
  ),
  text(
    'zh',
    '此邮件受保护。',
    '只有收件人可以阅读。请在支持权限管理的邮件程序中打开附件 message.rpmsg，并用接收此邮件的地址登录。',
  ),
  text(
    'ko',
    '이 메시지는 보호되어 있습니다.',
    '받는 사람만 읽을 수 있습니다. 권한 관리를 지원하는 메일 프로그램에서 첨부 파일 message.rpmsg를 열고 이 메시지를 받은 주소로 로그인하세요.',
  ),
]);
