import { type Draft, form, iso, json, sha256, type Turn } from './draft.ts';

export type OwnName = 'deploys' | 'status' | 'doorbell' | 'notary';

/** What the senders of `examples/own-provider.ts` send. */
export const ownDrafts: Readonly<Record<OwnName, (turn: Turn) => Draft>> = {
  deploys({ k, subject, version, at }): Draft {
    const type = 'deploy.finished';
    const text = JSON.stringify({ type, app: { id: subject }, revision: version, at: iso(at) });
    const messageId = `dep_${k}`;
    const about = [{ id: messageId, type, subject: `app/${subject}`, version, payload: text }];
    return { ...json(text), messageId, query: 'region=eu', about };
  },

  status({ k, subject }): Draft {
    const text = JSON.stringify({ incident: { id: subject, status: 'open', text: `update ${k}` } });
    const about = [
      { id: sha256(text), type: 'incident.open', subject: `incident/${subject}`, payload: text },
    ];
    return { ...json(text), path: k % 2 === 0 ? '/status' : '/status-page', about };
  },

  doorbell({ k }): Draft {
    const fields = { ring: `ring-${k}`, door: 'Tür' };
    return { ...form(fields), about: [{ id: fields.ring, type: 'ring', payload: JSON.stringify(fields) }] };
  },

  notary({ k }): Draft {
    const text = JSON.stringify({ seal: `seal-${k}`, kind: 'deed.signed' });
    return { ...json(text), about: [{ id: `seal-${k}`, type: 'deed.signed', payload: text }] };
  },
};
