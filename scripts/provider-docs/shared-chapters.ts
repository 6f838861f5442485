import { blocks, bullets } from './markdown.ts';

/** How the table is to be read. */
export const LEGEND: string = bullets([
  '**covers**: what a change of is refused. *Nothing*: the request carries the secret itself, and whoever reads one can write any other. †: less than it seems, see the page.',
  '**signed time**: a captured request is refused once that is over. Without it, one can come again at any time; its id then tells it from a new one for as long as it is remembered.',
  '**id**: *unsigned* ones can be changed by whoever captured a request. What is done about it stands on the page.',
  '**handshake**: a set-up request that is answered: *signed* ones only after their signature was checked, those with a *verify token* only to who knows it, *open* ones to everybody. One that *brings the secret* stores it, in a source that is in set-up and has none.',
  '**waits**: how long the sender waits for our answer. **after 5xx**, **after 4xx**: what becomes of a delivery that we answer so. Where it is lost, the page says how to get it back.',
]);

/** Where secrets are kept. */
export const SECRETS: string = blocks(
  '## Secrets',
  'Each source has a secret of its own, in AWS Secrets Manager. The stack makes it empty; its output `…Secret<source>…` is the command that fills it: run it, type the JSON, Enter, Ctrl-D. On a laptop it stands in `.headgate/secrets.json`, under the name of the source.',
  '```json\n{ "signing": ["the newest", "an older one"], "verify": "…", "api": "…" }\n```',
  bullets([
    '`signing`: what requests are checked with; each is tried. A list is the whole truth. A single text, or a secret that is not JSON at all, still lets the version before it count for a day (`secretOverlapSeconds` of the source).',
    '`verify`: only where a set-up request is proved by a text that was agreed on (Meta’s verify token). It signs nothing.',
    '`api`: only where the provider’s API is asked how a resource stands (`reconcile`).',
  ]),
  'A metric says when an older secret was still used, so that it can be retired with proof. Without a usable secret nothing is accepted: requests get 503.',
);

/** What is the same whoever sends. */
export const EVERYWHERE: string = blocks(
  '## What holds for all',
  bullets([
    'The signature is checked over the bytes as they came, in constant time, before anything is parsed. What does not hold is answered with 401, and nothing of it is kept.',
    'A 2xx goes out only when the delivery is on the queue or, if the queue fails, in the bucket.',
    'At a path that is configured there is never a 404, 406 or 410: some senders delete a webhook on those.',
    'The content type is signed by nobody. A captured request that comes again under another one is read as something else, and ends as a dead letter or a duplicate.',
    'A proof holds for whoever has the secret. Two sources with one secret take each other’s requests, unless the URL is signed: give each its own.',
    'About 6 MB of JSON, or 4.4 MB of a form, is what Lambda takes; more does not arrive.',
  ]),
  'A sender that is not in the list is a value of your own, of the same type: [examples/own-provider.ts](../../examples/own-provider.ts). [provider.schema.json](../provider.schema.json), which comes with the package, describes it to editors and other tools.',
);
