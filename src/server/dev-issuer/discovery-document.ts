/** The OpenID discovery document (OpenID Connect Discovery 1.0, 3). */
export const discoveryDocument = (issuer: string, algorithm: string): Readonly<Record<string, unknown>> => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  device_authorization_endpoint: `${issuer}/device_authorization`,
  jwks_uri: `${issuer}/keys`,
  response_types_supported: ['code'],
  response_modes_supported: ['query'],
  grant_types_supported: [
    'authorization_code',
    'refresh_token',
    'client_credentials',
    'urn:ietf:params:oauth:grant-type:device_code',
  ],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: [algorithm],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
  scopes_supported: ['openid', 'email', 'profile', 'offline_access'],
  claims_supported: ['sub', 'email', 'email_verified', 'preferred_username', 'name', 'groups'],
  authorization_response_iss_parameter_supported: true,
  sealwright_development: true,
});
