/** mTLS client certificates in the form of API Gateway's events, made when this file is loaded. */
import { issueCertificate } from './certificate.ts';

const issuer = await issueCertificate({ subject: 'client CA', usage: 'ca', days: [-30, 30] });

const clientPem = async (key: 'rsa' | 'ec'): Promise<string> => {
  const subject = 'client.example.org';
  return (await issueCertificate({ subject, issuer, usage: 'clientAuth', key, days: [-7, 7] })).certPem;
};

export const clientCertificates = { rsaPem: await clientPem('rsa'), ecPem: await clientPem('ec') };
