import { type Fresh, isoSeconds, json, type SampleBook } from './sample.ts';

/** One item; what stands for its signature is replaced when it is signed. */
function item(eventCode: string, more: (fresh: Fresh) => object): SampleBook['bodies'][string] {
  return (fresh) =>
    json({
      live: 'false',
      notificationItems: [
        {
          NotificationRequestItem: {
            additionalData: { hmacSignature: '-', shopperReference: 'Zoë' },
            amount: { currency: 'EUR', value: 1130 },
            eventCode,
            eventDate: isoSeconds(fresh.now),
            merchantAccountCode: 'TestMerchant',
            merchantReference: `order-${fresh.digits(6)}`,
            pspReference: fresh.digits(16),
            success: 'true',
            ...more(fresh),
          },
        },
      ],
    });
}

export const adyen: SampleBook = {
  bodies: {
    AUTHORISATION: item('AUTHORISATION', () => ({ paymentMethod: 'visa', reason: '1111:7/2030' })),
    CAPTURE: item('CAPTURE', (fresh) => ({ originalReference: fresh.digits(16) })),
  },
};
