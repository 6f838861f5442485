import { json, type SampleBook } from './sample.ts';

/** Topic, certificate and signature are put in where it is signed. */
export const sns: SampleBook = {
  bodies: {
    Notification: (fresh) => ({
      ...json({
        Type: 'Notification',
        MessageId: fresh.uuid(),
        TopicArn: '-',
        Message: JSON.stringify({ order: fresh.digits(6), customer: 'Zoë' }),
        Timestamp: new Date(fresh.now).toISOString(),
      }),
      contentType: 'text/plain; charset=UTF-8',
    }),
  },
};
