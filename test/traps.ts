/** A mistake that receivers make, and the test that shows that we do not. */
export interface Trap {
  readonly trap: string;
  /** From the folder `test`. */
  readonly file: string;
  /** The title of the test. */
  readonly test: string;
}

const SCHEME = 'core/scheme.test.ts';
const TIME = 'core/scheme-time.test.ts';
const ENCODING = 'core/scheme-encoding.test.ts';
const CONTRACT = 'contracts/provider-contract.ts';
const IDENTITY = 'contracts/identity-contract.ts';
const SECRET = 'core/secret.test.ts';

/** What holds for every scheme. */
const signatures: readonly Trap[] = [
  {
    trap: 'the body is hashed as a string, so that bytes that are not UTF-8 change',
    file: SCHEME,
    test: 'are hashed as they came, valid UTF-8 or not',
  },
  {
    trap: 'only the newest secret is tried',
    file: CONTRACT,
    test: 'is accepted with the new and with the old secret while they change',
  },
  {
    trap: 'only the first of several signatures is looked at',
    file: SCHEME,
    test: 'may hold several signatures, of which one is enough wherever it stands',
  },
  {
    trap: 'an unknown or legacy version is taken for a signature',
    file: SCHEME,
    test: 'counts only with listed labels: a downgrade is skipped, and nothing else left',
  },
  {
    trap: 'a time that is NaN is neither too old nor too young',
    file: TIME,
    test: 'accepts nothing but digits within the window, whatever is sent',
  },
  {
    trap: 'one time is signed, and another is judged',
    file: TIME,
    test: 'that was sent twice is refused, whichever of the two was signed',
  },
  {
    trap: 'a time from the future opens the window for long',
    file: CONTRACT,
    test: 'is refused when it came late or again, or comes from the future',
  },
  {
    trap: 'the time is normalised before it is hashed',
    file: TIME,
    test: 'is signed as it was sent, while a copy is read as a number',
  },
  {
    trap: 'the window is measured against the clock of a function that started late',
    file: TIME,
    test: 'is measured from when the gateway received the request',
  },
  {
    trap: 'timingSafeEqual throws on another length, or base64 is compared as text',
    file: ENCODING,
    test: 'has one text that is accepted, of all there are',
  },
  {
    trap: 'without a secret nothing is checked',
    file: CONTRACT,
    test: 'is refused without a secret, with an empty and with a blank one',
  },
  {
    trap: 'an empty secret makes signatures that anyone can make',
    file: SCHEME,
    test: 'that are absent or blank never accept, not even what was signed with them',
  },
  {
    trap: 'a public key is used as the key of an HMAC',
    file: SCHEME,
    test: 'in the form of a public key are never an HMAC key: everyone knows them',
  },
  {
    trap: 'a header that was sent twice arrives joined by a comma',
    file: CONTRACT,
    test: 'is refused without any one of the texts that prove it, and when one is empty or was sent twice',
  },
  {
    trap: 'the id of one brand is taken with the signature of another',
    file: SCHEME,
    test: 'are never mixed: the first whose signature is there is the only one',
  },
  {
    trap: 'the border between id, time and body can be moved',
    file: SCHEME,
    test: 'cannot swallow the time and a part of the body of a captured request',
  },
  {
    trap: 'a time without a separator gives digits to the body, or takes them',
    file: TIME,
    test: 'gives no digit to the body, and takes none from it',
  },
  {
    trap: 'ECDSA accepts r = s = 0',
    file: ENCODING,
    test: 'of public keys give a refusal for whatever is no signature',
  },
  {
    trap: 'a secret ends up in an error or a log',
    file: SCHEME,
    test: 'never stand in a refusal',
  },
  {
    trap: 'a broken secret is quoted in the error about it',
    file: SECRET,
    test: 'is never quoted',
  },
  {
    trap: 'a broken secret is read again for every request that anybody sends',
    file: 'aws/secrets-manager-secrets.test.ts',
    test: 'of one in another form is remembered for the half minute: anybody can ask for the next',
  },
  {
    trap: 'a rotation refuses what was signed before it',
    file: SECRET,
    test: 'lets the previous version verify while the overlap lasts',
  },
  {
    trap: 'the content type is not signed: captured JSON comes again as a form of the fields in its texts',
    file: 'core/document.test.ts',
    test: 'is none where it is %s whose text holds fields',
  },
  {
    trap: 'millions of fields are decoded before the signature over them is looked at',
    file: 'core/document.test.ts',
    test: 'with more fields than any provider sends is none: anybody can send them',
  },
  {
    trap: 'a body under another content type goes out whole, past the redaction',
    file: 'core/identify.test.ts',
    test: 'makes a dead letter of a body that it cannot reach into, whatever its content type is said to be',
  },
  {
    trap: 'the id or content of an event changes when it is sent again',
    file: IDENTITY,
    test: 'is the same when it is sent again: key, content and all',
  },
];

const GITHUB = 'providers/github.test.ts';
const github: readonly Trap[] = [
  {
    trap: 'x-hub-signature (SHA-1) is accepted in place of the SHA-256',
    file: GITHUB,
    test: 'is never the SHA-1 of the legacy header, neither alone nor beside a wrong SHA-256',
  },
  {
    trap: 'a hook without a secret sends no signature, and is let in',
    file: GITHUB,
    test: 'of a hook without a secret is none, and so it is refused',
  },
  {
    trap: 'the HMAC of a form is taken over the decoded payload',
    file: GITHUB,
    test: 'of a form is over its raw bytes, not over the document in it',
  },
  {
    trap: 'upper-case hex passes although GitHub never sends it',
    file: 'oracles/github.test.ts',
    test: 'refuses upper-case hex, and so do we',
  },
  {
    trap: "the event's name is not signed: a body comes again as another event",
    file: 'oracles/github.test.ts',
    test: 'no real payload passes for a type of another event that exists, but what an organization and a repository share',
  },
  {
    trap: "the event's name holds a dot, and so a whole type that no rule is about",
    file: GITHUB,
    test: 'is one word: %s is none, so it makes no type by itself',
  },
  {
    trap: 'a rule asks for what one action of the event lacks, and GitHub never sends it again',
    file: GITHUB,
    test: 'refuses nothing that GitHub may send: where a key can be missing, it is not asked for',
  },
  {
    trap: 'such a body is accepted, and only later found out',
    file: GITHUB,
    test: 'is not signed, so the body must hold what that event holds: refused at the door when the key is nowhere in it',
  },
  {
    trap: 'the GUID is not signed: a captured body comes again under a new one',
    file: GITHUB,
    test: 'has the mark of the first, whatever else its headers say',
  },
  {
    trap: 'the hook, or the name, is changed as well, and the replay is no repeat any more',
    file: GITHUB,
    test: 'under the name of another event is no repeat but a forgery: it differs in more than its id',
  },
  {
    trap: 'what people rightly do twice counts as a replay',
    file: GITHUB,
    test: 'is no repeat where people rightly cause the same bytes twice',
  },
  {
    trap: 'a push is ordered by the time that its author claims',
    file: GITHUB,
    test: 'of a push is when GitHub took it, never when an author says to have committed it; it orders nothing',
  },
  {
    trap: 'pushed_at is a number here and a text there',
    file: GITHUB,
    test: 'of a push whose time has another form is left out',
  },
  {
    trap: 'a deleted branch has no head commit, the ping of an App no repository',
    file: 'oracles/github.test.ts',
    test: 'are verified and identified, as JSON and as form',
  },
  {
    trap: 'a renamed repository looks like another one',
    file: GITHUB,
    test: 'of a branch is one, whether it is made, pushed to or deleted, and whatever its repository is called',
  },
  {
    trap: 'GitHub never retries, and nobody knows',
    file: GITHUB,
    test: 'that GitHub never sends again by itself is told, with what helps',
  },
];

const STRIPE = 'providers/stripe.test.ts';
const stripe: readonly Trap[] = [
  {
    trap: 'the key is taken without whsec_, or decoded',
    file: STRIPE,
    test: 'is made with the whole text of the secret, whsec_ included and nothing decoded',
  },
  {
    trap: 'v0 is accepted',
    file: STRIPE,
    test: 'counts only as v1: v0 and versions to come are a downgrade',
  },
  {
    trap: 'a repeated t: one for the HMAC, another for the age',
    file: STRIPE,
    test: 'is made for one time: a second one is refused, whichever comes last',
  },
  {
    trap: 'parseInt gives NaN, which is never too old',
    file: STRIPE,
    test: 'is refused with a time that is no number, however it was signed',
  },
  {
    trap: 'the tolerance is drawn elsewhere than by Stripe: 300 s pass, 301 do not',
    file: 'oracles/stripe.test.ts',
    test: 'draws the line of age where we draw it',
  },
  {
    trap: 'a time in the future passes, as in the SDK',
    file: 'oracles/stripe.test.ts',
    test: 'lets the future pass, which we do not',
  },
  {
    trap: 'each endpoint and mode has a secret of its own',
    file: STRIPE,
    test: 'may be one of several, of one endpoint or of another mode',
  },
  {
    trap: 'thin and snapshot events are read by the same fields',
    file: 'oracles/stripe.test.ts',
    test: 'reads a snapshot and a thin event of one source, each in its own parser',
  },
  {
    trap: 'the unsigned envelope of EventBridge is taken over HTTP',
    file: STRIPE,
    test: 'is refused in the unsigned envelope of EventBridge',
  },
  {
    trap: 'the same event for two accounts, or with fewer pending webhooks',
    file: STRIPE,
    test: 'has one key per account, and the same when fewer destinations are pending',
  },
  {
    trap: 'every object is thought to have an id',
    file: STRIPE,
    test: 'without an object of its own is about no resource',
  },
  {
    trap: 'seconds are taken for an order, and a thin event for a state',
    file: STRIPE,
    test: 'orders states only where it carries one, and not within one second',
  },
];

const STANDARD = 'providers/standard-webhooks.test.ts';
const standardWebhooks: readonly Trap[] = [
  {
    trap: 'the base64 of the secret is not decoded',
    file: STANDARD,
    test: 'is the base64 after whsec_, with or without that',
  },
  { trap: 'whsec_ alone is an empty key', file: STANDARD, test: 'without a key in it is none' },
  {
    trap: 'whpk_ becomes the key of an HMAC because the label says v1',
    file: STANDARD,
    test: 'that is public is no HMAC key, in base64 or as text',
  },
  {
    trap: 'the label picks the algorithm for a key of another kind',
    file: 'oracles/openssl-vectors.test.ts',
    test: 'under the label of another algorithm, so that no key is ever used as a key of another kind',
  },
  {
    trap: 'v1a is unknown to the SDK, and so never checked',
    file: 'oracles/openssl-vectors.test.ts',
    test: 'as v1 and as v1a of Standard Webhooks',
  },
  {
    trap: 'signatures are split at commas, or only the first is tried',
    file: STANDARD,
    test: 'is separated by spaces: any of an accepted version may match, unknown ones are skipped',
  },
  {
    trap: 'the gateway joins doubled headers with a comma',
    file: STANDARD,
    test: 'that the gateway joined of two headers is refused',
  },
  { trap: 'milliseconds in the timestamp', file: STANDARD, test: 'in milliseconds lies in the future' },
  {
    trap: 'a retry is refused for its age, or taken for another message',
    file: STANDARD,
    test: 'is signed anew with a new time, and stays the same message',
  },
  {
    trap: 'the body is thought to have a type, a time and an id',
    file: STANDARD,
    test: 'needs no type, time or resource in its body',
  },
  {
    trap: 'an order and a user share an id, and so an order',
    file: STANDARD,
    test: 'is about no resource until its source says which: $name',
  },
  {
    trap: 'headers of Svix and of the standard are mixed',
    file: STANDARD,
    test: 'of Svix come first, and none lends a header to the other',
  },
  {
    trap: 'an unsigned header of the other family names the message',
    file: STANDARD,
    test: 'that were not verified give no id: a captured message stays the same one',
  },
  {
    trap: 'some senders take the secret as text',
    file: STANDARD,
    test: 'may be text for a sender that takes it as such, in a value of one’s own',
  },
];

const HANDSHAKE = 'core/handshake.test.ts';
const ACKNOWLEDGE = 'core/acknowledge.test.ts';

const SLACK = 'providers/slack.test.ts';
const slack: readonly Trap[] = [
  {
    trap: 'the challenge is answered before the signature is checked',
    file: HANDSHAKE,
    test: 'refuses a forged event that carries a challenge',
  },
  {
    trap: 'a challenge is queued, or an event that mentions one is answered',
    file: HANDSHAKE,
    test: 'is not seen in %s',
  },
  {
    trap: 'ssl_check, which is not signed, smuggles an event in',
    file: HANDSHAKE,
    test: 'is not seen in a request that %s, so its signature decides',
  },
  {
    trap: 'a version other than v0 passes, as in one of the receivers of the SDK',
    file: 'oracles/slack.test.ts',
    test: 'is refused by @slack/bolt and by us when anything of it is another, and when it is late',
  },
  {
    trap: 'an event is dropped because it has retry headers, or taken for another',
    file: IDENTITY,
    test: 'is the same when it is sent again: key, content and all',
  },
  {
    trap: 'several products come to one URL, as JSON and as two kinds of form',
    file: SLACK,
    test: 'is published as the document that the form carries',
  },
  {
    trap: 'interactivity is thought to have event ids',
    file: SLACK,
    test: 'is known by its trigger, and where there is none by its text',
  },
  {
    trap: 'app_rate_limited has neither event id nor trigger',
    file: SLACK,
    test: 'the notice that events are dropped has no event id, and is one a minute',
  },
  {
    trap: 'times in microseconds are compared as floats or as seconds',
    file: SLACK,
    test: 'microseconds order two states of one second',
  },
  { trap: 'an edit or a deletion looks like a message of its own', file: SLACK, test: '%s is the resource' },
  {
    trap: 'the event of a reaction is taken for the state of its message',
    file: SLACK,
    test: 'is missing where the event is no state of a resource',
  },
  {
    trap: 'event ids of several apps or workspaces run into each other',
    file: SLACK,
    test: 'the events of two apps or workspaces on one source are kept apart',
  },
  {
    trap: 'a response_url is published, and answers in the app’s name',
    file: SLACK,
    test: 'does not publish what the source redacts: a response_url is a credential',
  },
  {
    trap: 'the acknowledgement is shown to the user',
    file: SLACK,
    test: 'the answer to a button is an empty 200, since Slack shows the user whatever stands in it',
  },
];

const DISCORD = 'providers/discord.test.ts';
const discord: readonly Trap[] = [
  {
    trap: 'type 1 is a ping for interactions and an event for webhook events',
    file: DISCORD,
    test: 'is a ping as an interaction, and an event as a webhook event',
  },
  {
    trap: 'a probe with a bad signature gets something else than 401, and the URL is removed',
    file: DISCORD,
    test: 'a probe with a bad signature, or without one, gets 401 and nothing else',
  },
  { trap: 'pings are answered unsigned', file: HANDSHAKE, test: 'are never answered unsigned' },
  {
    trap: 'the ping of webhook events wants 204 and a type',
    file: HANDSHAKE,
    test: 'of webhook events get an empty 204 that names a type',
  },
  {
    trap: 'an autocomplete is deferred, which Discord does not know',
    file: ACKNOWLEDGE,
    test: 'gets for %s what defers it',
  },
  {
    trap: 'webhook events are answered like interactions',
    file: ACKNOWLEDGE,
    test: 'gets 204 for a webhook event, although that has a type too',
  },
  {
    trap: 'a webhook event has no id',
    file: DISCORD,
    test: 'has no id, so its text tells it apart, and a copy has the same key',
  },
  {
    trap: 'a time without a zone is read in that of the machine',
    file: DISCORD,
    test: 'is in UTC when its time has no zone',
  },
  { trap: 'a snowflake becomes a number', file: DISCORD, test: 'keeps its id, which no double holds' },
  {
    trap: 'the token of an interaction is published',
    file: DISCORD,
    test: 'is published without its token where the source redacts it',
  },
  {
    trap: 'a window of 5 minutes refuses retries of 10',
    file: DISCORD,
    test: 'a retry within 10 minutes is taken, signed anew or not',
  },
];

const TWILIO = 'providers/twilio.test.ts';
const TWILIO_SDK = 'oracles/twilio.test.ts';
const twilio: readonly Trap[] = [
  {
    trap: 'plus signs, repeated names and empty values are signed in another way than they are read',
    file: TWILIO_SDK,
    test: 'whatever form the SDK signs, we accept, and the other way round',
  },
  {
    trap: 'a form is read in one way for its signature, in another for its event',
    file: TWILIO_SDK,
    test: 'a form cannot be read in another way than it was signed',
  },
  { trap: 'a parser trims the values', file: TWILIO, test: 'the bytes of a form count: nothing is trimmed' },
  {
    trap: 'JSON without bodySHA256 is not signed at all',
    file: TWILIO_SDK,
    test: 'a body that is no form is refused without a hash of it, although the SDK could sign its URL',
  },
  {
    trap: 'the URL is that of the proxy: stage, scheme or host differ',
    file: CONTRACT,
    test: 'is refused when it was signed for another URL',
  },
  {
    trap: 'names and values are signed without a border between them',
    file: TWILIO,
    test: 'a body that shifts the borders of names and values, under the same signature, is known as a forgery',
  },
  {
    trap: 'the texts of a form, signed behind the URL, hold a bodySHA256',
    file: 'core/steps/twilio-signature.test.ts',
    test: 'is not covered by a hash before the last parameter: what follows the URL in a signed text could make one of it',
  },
  {
    trap: 'a forgery that is known as a repeat is published all the same',
    file: 'core/process.test.ts',
    test: 'a body that a signature of another one holds for is a dead letter, and published nowhere',
  },
  {
    trap: 'the idempotency token is not signed',
    file: IDENTITY,
    test: 'is the same when it is sent again: key, content and all',
  },
  {
    trap: 'there is no type, and MessageSid is not the id of an event',
    file: TWILIO,
    test: 'of %s follow from its fields',
  },
  {
    trap: 'one status of a call brings many requests',
    file: TWILIO,
    test: 'of an unnumbered call include its text: one status can bring many requests',
  },
  { trap: 'statuses arrive in any order', file: TWILIO, test: 'is the way that a message takes' },
  {
    trap: 'delivered and undelivered are given an order',
    file: TWILIO,
    test: 'is open between ends, and for a status that is not known',
  },
  {
    trap: 'a fallback URL gets the same event with other fields',
    file: TWILIO,
    test: 'two tries at a fallback URL, each with the error before it, are one event',
  },
  {
    trap: 'a JSON answer is no TwiML',
    file: ACKNOWLEDGE,
    test: 'Twilio gets an empty 204: a JSON body would be no TwiML',
  },
  {
    trap: 'Twilio does not retry our 5xx, and nobody knows',
    file: TWILIO,
    test: 'that Twilio does not send again after a 5xx is told, with what helps',
  },
];

const SENDGRID = 'providers/sendgrid.test.ts';
const sendgrid: readonly Trap[] = [
  {
    trap: 'the line ends of the batch are trimmed before it is verified',
    file: 'oracles/sendgrid.test.ts',
    test: 'is refused by both when its bytes or its time are others',
  },
  {
    trap: 'signing is off by default, and what comes is let in',
    file: SENDGRID,
    test: 'events that are not signed, as is the default there, are refused',
  },
  {
    trap: 'a retry hours later is too old',
    file: SENDGRID,
    test: 'a retry is taken for as long as SendGrid tries: a day',
  },
  {
    trap: 'a batch is deduplicated as a whole',
    file: SENDGRID,
    test: 'is deduplicated by its own id, whatever batch it comes in',
  },
  {
    trap: 'one bad event holds back the batch',
    file: 'core/identify-properties.test.ts',
    test: 'one bad item of a SendGrid batch neither loses nor blocks the others, wherever it stands',
  },
  { trap: 'some events have no id', file: SENDGRID, test: 'without an id is known by its text' },
  {
    trap: 'a message to two addresses is taken for one',
    file: SENDGRID,
    test: 'is about one message to one address',
  },
  { trap: 'the timestamp is in seconds', file: SENDGRID, test: 'is ordered by its second' },
  {
    trap: 'custom arguments lose digits',
    file: SENDGRID,
    test: 'keeps custom arguments that are too large for a double',
  },
];

const SHOPIFY = 'providers/shopify.test.ts';
const SHOPIFY_SDK = 'oracles/shopify.test.ts';
const shopify: readonly Trap[] = [
  {
    trap: 'there are two families of headers, and one vouches for the other',
    file: SHOPIFY_SDK,
    test: 'with both families of headers only the newer is looked at, here as there',
  },
  {
    trap: 'base64 is taken for hex, or the secret is decoded',
    file: SHOPIFY_SDK,
    test: 'signed by @shopify/shopify-api is accepted by us',
  },
  {
    trap: 'the topic is not signed: an order comes again as a product, or as its own deletion',
    file: SHOPIFY,
    test: '%s is refused',
  },
  {
    trap: 'event id and shop are not signed: a captured body comes again under others',
    file: SHOPIFY,
    test: 'under another event id is known as a repeat',
  },
  {
    trap: 'what rightly comes twice counts as a replay',
    file: SHOPIFY,
    test: 'may come again where nothing in it would change',
  },
  {
    trap: 'duplicates have other delivery ids',
    file: SHOPIFY,
    test: 'is that of the event, which its duplicates share, not of the delivery',
  },
  {
    trap: 'the event id may be missing',
    file: SHOPIFY,
    test: 'is that of the delivery where an older subscription sends no event id',
  },
  {
    trap: 'one event comes once for each subscription',
    file: SHOPIFY,
    test: 'keeps topics and named subscriptions apart: one event comes once for each',
  },
  {
    trap: 'ids exceed 2^53, and deletions carry only those',
    file: SHOPIFY,
    test: 'of a deletion, which carries only an id, is the same as that of an update',
  },
  {
    trap: 'the time in the header is not signed',
    file: SHOPIFY,
    test: 'orders by the body, which is signed, and never by a header',
  },
  {
    trap: 'retries bring the state of hours ago',
    file: SHOPIFY,
    test: 'a state that a retry brings late is known to be the older one',
  },
  {
    trap: 'a subscription leaves fields out',
    file: SHOPIFY,
    test: 'a field that the subscription leaves out is no contradiction',
  },
  {
    trap: 'type and subscription of the newer events stand in headers, too',
    file: SHOPIFY,
    test: 'is what its signed body says, whatever its headers say',
  },
];

/** By provider; `every scheme` is what none of them may fall into. Those of others stand in `traps/`, a file each. */
export const traps: Readonly<Record<string, readonly Trap[]>> = {
  'every scheme': signatures,
  github,
  stripe,
  'standard-webhooks': standardWebhooks,
  slack,
  discord,
  twilio,
  sendgrid,
  shopify,
};
