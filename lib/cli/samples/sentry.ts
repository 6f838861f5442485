import { type Fresh, json, type SampleBook } from './sample.ts';

const installation = (fresh: Fresh) => ({ uuid: fresh.uuid() });
const actor = { type: 'application', id: 'sentry', name: 'Sentry' };

/** https://docs.sentry.io/organization/integrations/integration-platform/webhooks/, with fewer of the many fields. */
export const sentry: SampleBook = {
  bodies: {
    'issue.created': (fresh) =>
      json({
        action: 'created',
        installation: installation(fresh),
        data: { issue: { id: fresh.digits(9), shortId: 'GATE-1', title: 'TürFehler', status: 'unresolved' } },
        actor,
      }),
    'event_alert.triggered': (fresh) =>
      json({
        action: 'triggered',
        installation: installation(fresh),
        data: { event: { event_id: fresh.hex(32), issue_id: fresh.digits(9) }, triggered_rule: 'Gate' },
        actor,
      }),
  },
  headers: (type, fresh) => ({
    'request-id': fresh.hex(32),
    'sentry-hook-resource': type.split('.', 1)[0] ?? type,
  }),
};
