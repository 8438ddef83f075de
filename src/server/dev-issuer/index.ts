export { commandLineClient, developmentApplication } from './clients.ts';
export { createDevIssuer, type DevIssuer, type DevIssuerOptions, devIssuerNotice } from './dev-issuer.ts';
