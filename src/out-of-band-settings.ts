/** The settings of the way people are called while mail is barred: another server and another domain than the house's mail. */
import { isSameMail } from './domain/out-of-band.ts';

export interface OutOfBandTarget {
  readonly smtpUrl: string;
  readonly sender: string;
}

interface Values {
  readonly url: string | undefined;
  readonly sender: string | undefined;
  readonly ordinary: { readonly url: string | undefined; readonly sender: string };
}

/** Null: there is no such way, people are telephoned. */
export function outOfBandOf({ url, sender }: Values): OutOfBandTarget | null {
  return url === undefined || sender === undefined ? null : { smtpUrl: url, sender };
}

/** Why the settings cannot stand: a second way that ends where the first does is suspected with it. */
export function outOfBandFaults({ url, sender, ordinary }: Values): string[] {
  if (url === undefined && sender === undefined) return [];
  if (url === undefined)
    return ['TOCSIN_OUT_OF_BAND_URL is not given beside TOCSIN_OUT_OF_BAND_SENDER'];
  if (sender === undefined)
    return ['TOCSIN_OUT_OF_BAND_SENDER is not given beside TOCSIN_OUT_OF_BAND_URL'];
  const isSameServer = ordinary.url !== undefined && hostOf(url) === hostOf(ordinary.url);
  return [
    ...(isSameServer ? ['TOCSIN_OUT_OF_BAND_URL must name another server than SMTP_URL'] : []),
    ...(isSameMail(sender, ordinary.sender)
      ? ['TOCSIN_OUT_OF_BAND_SENDER must be in another domain than TOCSIN_SENDER']
      : []),
  ];
}

/** On one machine, as in a drill, the port tells servers apart; elsewhere another port is still the same server. */
function hostOf(url: string): string {
  const { hostname, host } = new URL(url);
  return hostname === 'localhost' || hostname.startsWith('127.') ? host : hostname;
}
