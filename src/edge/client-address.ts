/** The client's address as another CDN in front of CloudFront names it: one address, or the request is refused. */
import { type HeaderLine, headerValues } from '../domain/request.ts';
import { invalid } from '../lambda/event-fields.ts';

/**
 * Reads the address. Not CloudFront's own word if it is missing: that would be the other CDN's address, about which no
 * policy is meant.
 * @param name of the header, in lower case.
 * @throws AuthorizerError `INVALID_REQUEST` if the header is not there once, with one IPv4 or IPv6 address.
 */
export const trustedAddress = (headers: readonly HeaderLine[], name: string): string => {
  const [value, ...more] = headerValues(headers, name);
  const address = value?.trim() ?? '';
  if (more.length > 0 || !(isV4(address) || isV6(address))) {
    throw invalid('the header of TRUSTED_IP_HEADER does not hold one address');
  }
  return address;
};

function isV4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every(part => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

function isV6(text: string): boolean {
  return /^[0-9a-f:.]{2,45}$/i.test(text) && URL.canParse(`http://[${text}]/`);
}
