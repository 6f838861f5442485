import type {
  AcknowledgeStep,
  ConfirmationStep,
  DocumentStep,
  IdentifyStep,
  SchemeStep,
} from '../../lib/core/provider.ts';

/** What a step makes of a body. */
export const DOCUMENT_STEP_WORDS: Record<DocumentStep, string> = {
  cloudevents:
    'Whatever the content mode, an event is read and published as the JSON form of a CloudEvent. In binary mode its attributes come from the `ce-` headers, extensions included, and the body is its `data`: JSON as it was written, a text, or else base64 in `data_base64`.',
  'json-lines':
    'Several lines of JSON are read as a list of them; a line that is none is a text in that list, and a dead letter. One JSON text is read as it is.',
  'salesforce-soap':
    'The SOAP is read as JSON: what `notifications` holds, with a list of each `Notification`, and a record as Salesforce’s REST API writes one (`sObject.attributes.type`). ' +
    'Values stay texts, `xsi:nil` is null, and the session id is left out. A document type, an entity of its own or a processing instruction makes a dead letter of the message.',
};

/** How a step reads events. */
export const IDENTIFY_STEP_WORDS: Record<IdentifyStep, string> = {
  'twilio-event':
    'Twilio’s forms name neither a type nor an event id nor, mostly, a time: all follow from the fields that are there. ' +
    'A message becomes `message.<status>` about `Messages/<sid>`, a call `call.<status>` about `Calls/<sid>`, and so recordings, transcriptions and conversations. ' +
    'The id is made of the sid and the status; the status, or a call’s sequence number, orders the states. ' +
    'An event of Event Streams keeps its own id and type.',
};

/** Under which condition a step has a call made, and which. */
export const CONFIRMATION_STEP_WORDS: Record<ConfirmationStep, string> = {
  'sns-confirmation':
    'which must be signed, and is confirmed by a GET of ConfirmSubscription at SNS in the topic’s region, never at the SubscribeURL; while that fails, the answer is 503',
};

/** How a step answers. */
export const ACKNOWLEDGE_STEP_WORDS: Record<AcknowledgeStep, string> = {
  'discord-acknowledgement':
    'an interaction gets 200 and the deferred answer of its kind (autocomplete: no choices), a webhook event 204',
};

/** Where what a step checks binds less than it seems to. */
export const STEP_CAUTIONS: Partial<Record<SchemeStep, string>> = {
  'adyen-signature':
    'The signed fields are joined by colons that nothing escapes: a colon in a reference of yours moves the border between two of them.',
  'atlassian-connect-token':
    'The token says nothing of the body: whoever captured one can send any other body with it, until it expires (three minutes).',
  'atlassian-oauth-token':
    'The token says nothing of the request: whoever captured one can send any other body with it, until it expires.',
  'hubspot-signature-v1':
    'A plain SHA-256 is no MAC: whoever captured a request can make another whose body goes on behind it, without the secret. What follows is never valid UTF-8, and so refused as JSON.',
  'hubspot-signature-v2':
    'A plain SHA-256 is no MAC: whoever captured a request can make another whose body goes on behind it, without the secret. What follows is never valid UTF-8, and so refused as JSON.',
  'mailgun-signature':
    'A signature that was captured before its own event came fits any event that somebody makes up.',
  'microsoft-graph-tokens':
    'The clientState and the tokens say nothing of the items: whoever captured a request can send other items with them, until the tokens expire (some hours). Resource data is safe all the same: it is encrypted for you, and signed with a key that lies in it.',
  'paypal-signature':
    'Of the body only the CRC-32 is signed, and to that another body can be made to fit. So the body is covered against accidents, not against whoever captured a request.',
  'twilio-signature':
    'Names and values are signed with nothing between them: whoever captured a form can shift the borders, and so make another event of it.',
};
