import type { Trap } from '../traps.ts';

const FILE = 'providers/sns.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'anybody owns a topic, and SNS signs its messages',
    file: FILE,
    test: 'of somebody else is refused, although SNS signs its messages too, and nothing is fetched for it',
  },
  { trap: 'no list of topics lets every topic in', file: FILE, test: 'must be listed: no list, no topic' },
  {
    trap: 'the certificate’s address only looks like one of SNS',
    file: FILE,
    test: 'is not asked for at %j',
  },
  {
    trap: 'a certificate that cannot be had is answered with a 4xx, and SNS gives up',
    file: FILE,
    test: 'that cannot be had, or is none, makes SNS send again',
  },
  {
    trap: 'SHA-1 is verified as SHA-256, or any version is taken',
    file: FILE,
    test: 'of SHA-1 or SHA-256 is taken by its version, and no other',
  },
  {
    trap: 'Subject is signed only where it was sent',
    file: FILE,
    test: 'covers the subject, and that there is none',
  },
  {
    trap: 'line ends are the only borders between signed fields, and a publisher can write them',
    file: FILE,
    test: 'does not hold for other borders between the same fields',
  },
  {
    trap: 'raw delivery has no signature, and is let in',
    file: FILE,
    test: 'is missing where raw delivery is on',
  },
  {
    trap: 'the content type is text/plain, and the type of the message stands in a header that nobody signs',
    file: FILE,
    test: 'a message is read as JSON and by its body, whatever its headers say',
  },
  {
    trap: 'message attributes are not signed',
    file: FILE,
    test: 'an attribute is not signed: another one under the same id is known as a collision',
  },
  {
    trap: 'SubscribeURL is called as it came',
    file: FILE,
    test: 'is confirmed in the region of its topic, and never at an address that the request names',
  },
  {
    trap: 'a subscription is confirmed before the message is verified',
    file: FILE,
    test: 'is not confirmed when the request is forged, of another topic, or an old one',
  },
  {
    trap: 'a confirmation that failed is answered with 200, and the topic stays silent',
    file: FILE,
    test: 'that cannot be confirmed now is answered with 503, so that SNS asks again',
  },
  {
    trap: 'a farewell is answered by subscribing again, or refused for the token in its signature',
    file: FILE,
    test: 'that is over is an event, with or without its token signed, and is never taken up again',
  },
];
