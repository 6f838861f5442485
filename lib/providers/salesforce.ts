import type { EventShape, Provider } from '../core/provider.ts';

const NOTIFICATION = 'body:Notification.0';
const RECORD = `${NOTIFICATION}.sObject`;

/**
 * A notification carries the record as it is when it is sent: one that is sent again may carry a newer state under the id of the
 * first. So the content is a part of the id.
 */
const ANY: EventShape = {
  id: `{${NOTIFICATION}.Id}/{digest}`,
  type: [`{${RECORD}.attributes.type}`, 'deleted'],
};

const SUBJECT = `{${RECORD}.attributes.type}/{${RECORD}.Id}`;
const PATH = `/services/data/v62.0/sobjects/${SUBJECT}`;
const MODIFIED = { at: '{body:SystemModstamp}', unit: 'iso' } as const;

/**
 * Outbound messages of flows, workflow rules and approvals: SOAP with up to 100 notifications, each an event. Nothing in the request
 * proves who sent it: the secret is a token that only Salesforce was told, in the URL. Platform Events and Change Data Capture are
 * streams that are pulled, and no webhooks.
 */
export const salesforce: Provider = {
  name: 'salesforce',
  title: 'Salesforce',
  docs: [
    'https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_om_outboundmessaging_notifications.htm',
    'https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_om_outboundmessaging_wsdl.htm',
    'https://help.salesforce.com/s/articleView?id=platform.workflow_om_considerations.htm&type=5',
  ],
  scheme: { kind: 'token', query: 'token' },
  document: { step: 'salesforce-soap' },
  split: ['Notification.*'],
  events: [
    {
      ...ANY,
      when: [{ at: `{${RECORD}.SystemModstamp}` }],
      subject: SUBJECT,
      time: { at: `{${RECORD}.SystemModstamp}`, unit: 'iso' },
      version: { at: `{${RECORD}.SystemModstamp}`, unit: 'iso' },
      resource: { path: PATH, version: MODIFIED },
    },
    // A part of a record, and nobody knows of when.
    { ...ANY, resource: { subject: SUBJECT, path: PATH, version: MODIFIED } },
  ],
  idCoverage: 'signed',
  // They name the instance, which may have moved until the next attempt.
  volatile: ['EnterpriseUrl', 'PartnerUrl'],
  acknowledge: {
    status: 200,
    contentType: 'text/xml; charset=utf-8',
    body: '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>',
  },
  delivery: { timeoutMs: 60_000, retries: { spanSeconds: 86_400 }, clientErrors: 'retried' },
  api: {
    // Each org has a host of its own.
    auth: [
      { kind: 'client-credentials', tokenPath: '/services/oauth2/token' },
      { kind: 'token', header: 'authorization', prefix: 'Bearer ' },
    ],
    rate: { perSecond: 1, burst: 20 },
  },
  setup: [
    'Salesforce signs nothing here, so what can be proved is that the sender knows your URL: make a long random token (openssl rand -hex 32), store it as the signing secret, and enter the URL with ?token=… at its end.',
    'Setup → Outbound Messages → New Outbound Message: the URL is the Endpoint URL. Choose the fields, SystemModstamp among them: without it nothing orders the states of a record.',
    'Leave "Send Session ID" off: it is a credential. Headgate publishes and logs none, but what came lies on the queue as it came.',
    'The token proves neither the content nor the time, and who administers the org can read it; the OrganizationId proves nothing, since many know it. An event is a hint: decide on what matters by what the REST API says.',
    "To have that asked and published with the event: Setup → App Manager → a connected app (or external client app) with the client credentials flow and a user that may read the records. Store client_id:client_secret as api, and give the source reconcile: 'always' and the org's My Domain as api.baseUrl (https://….my.salesforce.com).",
    'To change the token, store the new one first, keep the old one in the list, and change the Endpoint URL.',
    'Salesforce takes nothing but <Ack>true</Ack> for an answer, and gets it when the queue has the message; whatever else it gets, it sends the message again for 24 hours.',
  ],
  unverified: [
    'An org may ask its API some 100,000 times a day, by edition: one a second is asked at most.',
    'Whether a notification keeps its Id when it is sent again: the content is a part of the id, so at worst it is published twice.',
    'How the record looks in a notification of one that was deleted meanwhile: it is taken to be empty or nil, and has the type "deleted" where it names none.',
  ],
};
