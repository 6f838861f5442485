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
    test: 'is refused without any one of the headers that prove it, and when one is empty or was sent twice',
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
    trap: 'a rotation refuses what was signed before it',
    file: SECRET,
    test: 'lets the previous version verify while the overlap lasts',
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
    test: 'no real payload passes for a type of another event that exists',
  },
  {
    trap: 'such a body is accepted, and only later found out',
    file: GITHUB,
    test: 'is not signed, so the body must hold what that event holds: refused at the door when the key is nowhere in it',
  },
  {
    trap: 'the GUID is not signed: a captured body comes again under a new one',
    file: GITHUB,
    test: 'has the mark of its content, by hook and type',
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

/** By provider; `every scheme` is what none of them may fall into. */
export const traps: Readonly<Record<string, readonly Trap[]>> = {
  'every scheme': signatures,
  github,
  stripe,
  'standard-webhooks': standardWebhooks,
};
