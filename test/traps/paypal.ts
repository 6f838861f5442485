import type { Trap } from '../traps.ts';

const FILE = 'providers/paypal.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'the certificate is fetched from wherever the request says',
    file: FILE,
    test: 'is never called at %s',
  },
  {
    trap: 'any certificate will do, or any name that ends in paypal.com',
    file: FILE,
    test: 'of another name than PayPal’s is refused, however near',
  },
  {
    trap: 'the chain of the certificate is not verified',
    file: FILE,
    test: 'that leads to nobody we trust is refused',
  },
  {
    trap: 'a leaf issues another certificate',
    file: FILE,
    test: 'that was issued by one that is no authority is refused',
  },
  {
    trap: 'an expired certificate still signs',
    file: FILE,
    test: 'that has expired, or is not valid yet, is refused',
  },
  {
    trap: 'a certificate that cannot be fetched refuses the delivery for good',
    file: FILE,
    test: 'that cannot be had makes a 503, not a refusal: PayPal sends again',
  },
  {
    trap: 'the request picks SHA-1',
    file: FILE,
    test: 'is SHA-256, whatever the request asks for',
  },
  {
    trap: 'a delivery to another listener is accepted',
    file: FILE,
    test: 'is for our own webhook: one for another listener is refused',
  },
  {
    trap: 'CRC-32 is taken for a hash: another body fits the signature',
    file: FILE,
    test: 'is known by the transmission that it came under, and refused as forged',
  },
  {
    trap: 'retries come days later',
    file: FILE,
    test: 'holds for as long as PayPal tries: three days',
  },
];
