/** What is looked at, in this order. */
export const checks = [
  'path',
  'name',
  'connection',
  'tls',
  'certificate',
  'answer',
  'challenge',
  'clock',
  'token',
  'discovery',
  'license',
] as const;

/** One of {@link checks}. */
export type Check = (typeof checks)[number];

/** How a check ended; `skipped` because something before it failed, or because nobody is signed in. */
export type FindingState = 'ok' | 'warning' | 'failed' | 'skipped';

/** What a verdict means, and what to do about it. */
export interface VerdictMeaning {
  readonly check: Check | 'any';
  readonly state: FindingState;
  readonly means: string;
  readonly advice?: string;
}

/** Every verdict there is (spec/doctor.md, "Verdicts"); scripts may rely on the names. */
export const verdicts = {
  'path-direct': { check: 'path', state: 'ok', means: 'No proxy is in the way.' },
  'path-proxy': { check: 'path', state: 'ok', means: 'The proxy lets connections to this host through.' },
  'proxy-wants-sign-in': {
    check: 'path',
    state: 'failed',
    means: 'The proxy answers 407: it wants to know who asks, and what it was shown is not enough.',
    advice:
      "Put user name and password into the proxy's URL (HTTPS_PROXY=http://name:password@proxy:3128), or ask for an exception for this host. Sign-in with Windows (Negotiate, NTLM) is not supported.",
  },
  'proxy-refuses': {
    check: 'path',
    state: 'failed',
    means: 'The proxy is there, but makes no connection to this host.',
    advice: 'Ask whoever runs the proxy to allow CONNECT to this host and port.',
  },
  'proxy-unreachable': {
    check: 'path',
    state: 'failed',
    means: 'A proxy is configured and is not there.',
    advice:
      'Check HTTPS_PROXY, or the profile; remove the proxy, or add the host to NO_PROXY if none is needed.',
  },
  'proxy-unusable': {
    check: 'path',
    state: 'failed',
    means: 'What is configured about proxies cannot be used.',
    advice: 'Name an HTTP or HTTPS proxy, or a PAC script that can be read.',
  },

  'name-found': { check: 'name', state: 'ok', means: 'The host has an address.' },
  'name-left-to-proxy': { check: 'name', state: 'ok', means: 'The proxy looks the name up itself.' },
  'name-odd-address': {
    check: 'name',
    state: 'warning',
    means:
      'A host of the cloud has an address inside this network: the DNS here does not tell the truth about it.',
    advice: 'Ask whoever runs the DNS whether it blocks or redirects this name.',
  },
  'name-unknown': {
    check: 'name',
    state: 'failed',
    means: 'The DNS says that there is no such host.',
    advice:
      'Check the spelling. If it is right, ask whether a VPN is needed, or whether the DNS blocks the name.',
  },
  'name-lookup-failed': {
    check: 'name',
    state: 'failed',
    means: 'The DNS gave no answer, so nobody knows whether the host exists.',
    advice: 'Check the network connection and the DNS servers of this machine.',
  },

  'connection-open': { check: 'connection', state: 'ok', means: 'The port is open.' },
  'connection-through-proxy': { check: 'connection', state: 'ok', means: 'The proxy made the connection.' },
  'connection-refused': {
    check: 'connection',
    state: 'failed',
    means: 'The machine is there, but nothing listens at this port, or a firewall refuses.',
    advice:
      'Check the port and whether the service runs; ask whether a firewall allows it, or a proxy is needed.',
  },
  'connection-timed-out': {
    check: 'connection',
    state: 'failed',
    means: 'Nobody answers: a firewall drops the packets, or the machine is down.',
    advice: 'Ask for TCP to this host and port to be allowed, or for the proxy to use (HTTPS_PROXY).',
  },
  'connection-unreachable': {
    check: 'connection',
    state: 'failed',
    means: 'This machine has no way to that address.',
    advice: 'Check the network connection and the VPN.',
  },

  'tls-current': { check: 'tls', state: 'ok', means: 'The connection is encrypted as it should be.' },
  'tls-absent': {
    check: 'tls',
    state: 'warning',
    means: 'The address is plain HTTP, which is for development on this machine only.',
    advice: 'Serve HTTPS before anybody else uses it.',
  },
  'tls-too-old': {
    check: 'tls',
    state: 'failed',
    means: 'The other side speaks TLS 1.1 or older only, which is not safe; 1.2 is the least.',
    advice: 'Have the server, or the appliance in front of it, speak TLS 1.2.',
  },
  'tls-not-spoken': {
    check: 'tls',
    state: 'failed',
    means: 'What listens there does not speak TLS.',
    advice: 'Check the port; an HTTP port given as https:// looks like this.',
  },
  'tls-broken-off': {
    check: 'tls',
    state: 'failed',
    means: 'The connection ends as soon as encryption begins, as firewalls do that look at the name.',
    advice: 'Ask whether a firewall filters TLS by name and allows this host.',
  },
  'tls-failed': {
    check: 'tls',
    state: 'failed',
    means: 'The two sides find no way to encrypt.',
    advice: 'Ask whoever runs the service which protocols and ciphers it allows.',
  },

  'certificate-trusted': { check: 'certificate', state: 'ok', means: 'The server proves its name.' },
  'certificate-intercepted': {
    check: 'certificate',
    state: 'failed',
    means: 'Somebody between here and the cloud reads along: the certificate was not issued by its operator.',
    advice: 'Have this host excepted from TLS inspection; the cloud does not support it.',
  },
  'certificate-unknown-authority': {
    check: 'certificate',
    state: 'failed',
    means:
      'Nobody this machine trusts vouches for the server: an authority of your own, or somebody in between.',
    advice:
      'If the issuer is your own organization, add its authority (--ca FILE or NODE_EXTRA_CA_CERTS). If you do not know it, do not go on.',
  },
  'certificate-other-name': {
    check: 'certificate',
    state: 'failed',
    means: 'The certificate is for another host: a wrong address, or somebody in between.',
    advice: 'Use a name that stands in the certificate, or have one issued for this name.',
  },
  'certificate-expired': {
    check: 'certificate',
    state: 'failed',
    means: 'The time of the certificate is over, or the clock of this machine is ahead.',
    advice: 'Check the clock of this machine. If it is right, the server needs a new certificate.',
  },
  'certificate-not-yet-valid': {
    check: 'certificate',
    state: 'failed',
    means: 'The certificate begins in the future, so the clock of this machine is probably behind.',
    advice: 'Set the clock of this machine.',
  },
  'certificate-invalid': {
    check: 'certificate',
    state: 'failed',
    means: 'The certificate cannot be verified.',
    advice: 'Ask whoever runs the service to check its certificate and the chain sent with it.',
  },

  'answer-asks-who': {
    check: 'answer',
    state: 'ok',
    means: 'Something that wants a sign-in answers, as it should.',
  },
  'captive-portal': {
    check: 'answer',
    state: 'failed',
    means: 'A web page answers instead of the service: a sign-in page of the network, or a block page.',
    advice:
      'Open a web page in a browser and sign in to the network, or ask for this host to be let through.',
  },
  'redirect-loop': {
    check: 'answer',
    state: 'failed',
    means: 'The service sends requests in circles.',
    advice:
      'Ask whoever runs it to correct its address; often a proxy in front of it changes https into http.',
  },
  'answer-without-sign-in': {
    check: 'answer',
    state: 'failed',
    means: 'It answers without asking who is there: this is not a licensing service.',
    advice: 'Check the address.',
  },
  'answer-of-a-proxy': {
    check: 'answer',
    state: 'failed',
    means: 'A proxy that is not configured here answers 407 in place of the service.',
    advice: 'Ask for the address of the proxy and set HTTPS_PROXY.',
  },
  'answer-forbidden': {
    check: 'answer',
    state: 'failed',
    means:
      'Requests from here are refused, whoever asks: by a firewall in front of the service, or by address.',
    advice: 'Ask whoever runs the service whether it limits the addresses it serves.',
  },
  throttled: {
    check: 'answer',
    state: 'failed',
    means: 'The service is there, and gets too many requests from you or your organization.',
    advice:
      'Wait as long as it says, and look for a program that asks too often. The cloud takes 7,500 in 10 s.',
  },
  'no-service-there': {
    check: 'answer',
    state: 'failed',
    means: 'A web server answers, but has no licensing service at this address.',
    advice: 'Check the address, path and port.',
  },
  'service-in-trouble': {
    check: 'answer',
    state: 'failed',
    means: 'The service, or what stands in front of it, does not work at the moment.',
    advice: 'Try again later. If it stays, ask whoever runs it, with the time.',
  },
  'no-answer': {
    check: 'answer',
    state: 'failed',
    means: 'The connection stands, but no HTTP answer comes.',
    advice: 'Try again. If it stays, ask whoever runs the service or the proxy.',
  },

  'challenge-good': {
    check: 'challenge',
    state: 'ok',
    means: 'The service says where to sign in, and it is allowed.',
  },
  'challenge-missing': {
    check: 'challenge',
    state: 'failed',
    means:
      'It answers 401 and does not say how to sign in: a gateway strips the header, or it is another service.',
    advice: 'Ask whoever runs it to let the header WWW-Authenticate through.',
  },
  'challenge-unreadable': {
    check: 'challenge',
    state: 'failed',
    means: 'It asks for a sign-in of another kind than this protocol has.',
    advice: 'Check the address; a gateway with a sign-in of its own looks like this.',
  },
  'challenge-untrusted': {
    check: 'challenge',
    state: 'failed',
    means: 'It sends people to an issuer that is not allowed, so nobody is sent there.',
    advice: 'If you know the issuer, sign in with it: sealwright login --issuer URL. If not, do not go on.',
  },
  'challenge-unfit': {
    check: 'challenge',
    state: 'failed',
    means: 'It asks for a sign-in that no honest service asks for, so nobody signs in.',
    advice: 'Do not go on, and ask whoever runs the service.',
  },

  'clock-right': { check: 'clock', state: 'ok', means: 'Both clocks agree.' },
  'clock-off': {
    check: 'clock',
    state: 'warning',
    means: 'The clocks differ by more than a minute; beyond five, tokens are refused.',
    advice: 'Let this machine set its clock by the network.',
  },
  'clock-wrong': {
    check: 'clock',
    state: 'failed',
    means:
      'The clocks differ by more than five minutes: tokens and licenses are refused as expired or not yet valid.',
    advice: 'Let this machine set its clock by the network. If it is right, tell whoever runs the service.',
  },
  'clock-unknown': {
    check: 'clock',
    state: 'warning',
    means: 'The service does not say what time it is.',
    advice: 'Nothing, unless tokens are refused as expired.',
  },

  'token-given': {
    check: 'token',
    state: 'ok',
    means: 'There is a token to show. It was shown to nobody here.',
  },
  'token-not-given': {
    check: 'token',
    state: 'failed',
    means: 'The sign-in does not give a token.',
    advice: 'Sign in again: sealwright login.',
  },

  'discovery-found': {
    check: 'discovery',
    state: 'ok',
    means: 'The service took the token and named its endpoints.',
  },
  'discovery-loop': {
    check: 'discovery',
    state: 'failed',
    means: 'Discovery leads back to itself.',
    advice: 'Ask whoever runs the service to correct the addresses it names.',
  },
  'discovery-untrusted': {
    check: 'discovery',
    state: 'failed',
    means: 'Discovery leads to a host that must not see your token. Nothing was sent there.',
    advice: 'If you know the host, allow it with --trust HOST.',
  },
  'discovery-token-refused': {
    check: 'discovery',
    state: 'failed',
    means: 'The service does not take the token.',
    advice: 'Sign in again: sealwright login. If it stays, the service expects another issuer or audience.',
  },
  'discovery-failed': {
    check: 'discovery',
    state: 'failed',
    means: 'The service did not say where its endpoints are.',
    advice: 'Check the address, and ask whoever runs the service.',
  },

  'license-round-trip': { check: 'license', state: 'ok', means: 'Protecting and opening work.' },
  'license-refused': {
    check: 'license',
    state: 'failed',
    means: 'The service knows you and does not let you protect, or open what you protected.',
    advice: 'Ask whoever runs the service whether you may use it.',
  },
  'license-wrong-key': {
    check: 'license',
    state: 'failed',
    means:
      'The key that came back is not the one that was given out. Content protected now could not be opened.',
    advice: 'Do not protect anything with this service, and tell whoever runs it.',
  },
  'license-failed': {
    check: 'license',
    state: 'failed',
    means: 'A license could not be published and acquired.',
    advice: 'Try again. If it stays, ask whoever runs the service.',
  },

  'not-tried': { check: 'any', state: 'skipped', means: 'Not tried, because something before it failed.' },
  'not-signed-in': {
    check: 'any',
    state: 'skipped',
    means: 'Not tried, because nobody is signed in.',
    advice: 'Sign in to have this examined too: sealwright login --service URL.',
  },
} as const satisfies Readonly<Record<string, VerdictMeaning>>;

/** One of {@link verdicts}. */
export type Verdict = keyof typeof verdicts;
