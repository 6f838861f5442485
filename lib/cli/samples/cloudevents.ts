import type { SampleBook } from './sample.ts';

export const cloudevents: SampleBook = {
  bodies: {
    'example.created': (fresh) => ({
      contentType: 'application/cloudevents+json',
      text: JSON.stringify({
        specversion: '1.0',
        id: fresh.uuid(),
        source: '/example',
        type: 'example.created',
        time: new Date(fresh.now).toISOString(),
        datacontenttype: 'application/json',
        data: { name: 'Zoë' },
      }),
    }),
  },
};
