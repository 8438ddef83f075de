import { html } from 'hono/html';

/** What the page asks for. */
export interface SignInPage {
  readonly action: string;
  readonly email: string;
  readonly groups: string;
  /** What the form brings back as it is. */
  readonly fields: Iterable<readonly [string, string]>;
  /** The code somebody sees in their terminal; absent where there is none to compare. */
  readonly userCode?: string | undefined;
  readonly problem?: string | undefined;
}

type Html = ReturnType<typeof html>;

/** The page on which anybody signs in as anybody. */
export const signInPage = (page: SignInPage): Html =>
  layout(html`
    <h1>Sign in</h1>
    <p>Type any e-mail address. There is no password and nothing is checked.</p>
    ${page.problem === undefined ? '' : html`<p class="problem" role="alert">${page.problem}</p>`}
    <form method="post" action="${page.action}">
      ${[...page.fields].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
      ${
        page.userCode === undefined
          ? ''
          : html`<label for="user_code">Code shown in your terminal</label>
      <input id="user_code" name="user_code" value="${page.userCode}" required ${page.userCode === '' ? 'autofocus' : ''} autocomplete="off" spellcheck="false">`
      }
      <label for="email">Your e-mail address</label>
      <input id="email" name="email" type="text" inputmode="email" value="${page.email}" required ${page.userCode === '' ? '' : 'autofocus'}
        autocomplete="email" spellcheck="false" placeholder="ana@contoso.com">
      <details ${page.groups === '' ? '' : 'open'}>
        <summary>Groups (optional)</summary>
        <label for="groups">Addresses of groups you are a member of, with commas between them</label>
        <input id="groups" name="groups" value="${page.groups}" autocomplete="off" spellcheck="false"
          placeholder="legal@contoso.com, board@contoso.com">
      </details>
      <button type="submit">Sign in</button>
    </form>`);

/** A page that says one thing. */
export const messagePage = (title: string, message: string): Html =>
  layout(html`<h1>${title}</h1><p>${message}</p>`);

const layout = (content: Html): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sealwright: sign in for development</title>
<style>
:root { color-scheme: light dark; --ink: #1c2430; --soft: #566072; --paper: #fff; --ground: #eef1f5; --line: #c3cad5; --accent: #1f5fbf; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ecf2; --soft: #a4aebd; --paper: #1d232c; --ground: #12161c; --line: #3b4553; --accent: #6aa3f5; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
.banner { background: #b3261e; color: #fff; padding: .75rem 1rem; text-align: center; }
main { max-width: 26rem; margin: 8vh auto 2rem; padding: 2rem; background: var(--paper); border: 1px solid var(--line); border-radius: 12px; }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; }
p { margin: 0 0 1.25rem; color: var(--soft); }
.problem { color: #b3261e; font-weight: 600; }
@media (prefers-color-scheme: dark) { .problem { color: #ff9b92; } }
label { display: block; margin: 0 0 .35rem; font-weight: 600; }
input { width: 100%; margin: 0 0 1rem; padding: .6rem .7rem; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 8px; }
input:focus-visible, button:focus-visible, summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; }
details { margin: 0 0 1rem; color: var(--soft); } summary { cursor: pointer; margin-bottom: .5rem; } details label { font-weight: 400; }
button { width: 100%; padding: .7rem; font: inherit; font-weight: 600; color: var(--paper); background: var(--accent); border: 0; border-radius: 8px; cursor: pointer; }
</style>
</head>
<body>
<div class="banner" role="note"><strong>For development only.</strong> This issuer signs anyone in under any name. Protect nothing real with it.</div>
<main>${content}</main>
</body>
</html>`;
