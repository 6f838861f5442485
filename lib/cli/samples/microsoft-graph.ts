import { json, type SampleBook } from './sample.ts';

/** What stands for the clientState and the tokens is replaced when it is signed. */
const message =
  (changeType: string): SampleBook['bodies'][string] =>
  (fresh) =>
    json({
      value: [
        {
          subscriptionId: fresh.uuid(),
          subscriptionExpirationDateTime: new Date(fresh.now + 3_600_000).toISOString(),
          changeType,
          clientState: '-',
          tenantId: fresh.uuid(),
          resource: `chats('19:${fresh.hex(32)}@thread.v2')/messages('${fresh.now}')`,
          resourceData: { id: String(fresh.now), '@odata.type': '#Microsoft.Graph.chatMessage' },
          encryptedContent: {
            data: '',
            dataSignature: '',
            dataKey: '',
            encryptionCertificateId: 'example',
          },
        },
      ],
      validationTokens: ['-'],
    });

export const microsoftGraphRich: SampleBook = {
  bodies: { created: message('created'), updated: message('updated') },
};
