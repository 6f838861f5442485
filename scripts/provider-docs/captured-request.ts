import { spanInWords } from '../../lib/cli/delivery-in-words.ts';
import { givesIds } from '../../lib/core/event-identity.ts';
import type { Provider } from '../../lib/core/provider.ts';
import { holesOf, isCovered, nameOf } from './event-places.ts';
import { all, code } from './markdown.ts';
import type { Proof, ProviderFacts } from './provider-facts.ts';
import { STEP_CAUTIONS } from './step-words.ts';

/** What whoever has one genuine request can do with it, and what becomes of that: a sentence or two each. */
export function capturedInWords(facts: ProviderFacts, { scheme, coverage }: Proof): readonly string[] {
  if (scheme.kind === 'token' || scheme.kind === 'basic') return [SECRET_INSIDE];
  const { provider } = facts;
  const tolerance = toleranceOf(scheme);
  const openType = openTypePlaces(provider, { scheme, coverage });
  const caution = scheme.kind === 'step' ? STEP_CAUTIONS[scheme.step] : undefined;
  return [
    sentAgain(facts, tolerance),
    ...(caution === undefined ? [] : [caution]),
    ...(typeof coverage.body !== 'string' && provider.idCoverage === 'signed' ? [WITH_OTHER_FIELDS] : []),
    ...(provider.idCoverage === 'unsigned' && givesIds(provider) ? underAnotherId(provider) : []),
    ...(openType.length === 0 ? [] : [underAnotherType(provider, openType)]),
    ...(coverage.url === 'no'
      ? [
          '**To another source**: taken there too if it has the same secret. Give each source a secret of its own.',
        ]
      : []),
  ];
}

/** Of a token or a password. */
export const SECRET_INSIDE: string =
  'The request carries the secret itself. Whoever reads one can make up any other, until the secret is changed; only TLS keeps it. Headgate stores, logs and publishes it nowhere.';

const WITH_OTHER_FIELDS =
  '**With other unsigned fields**: a collision, and a dead letter, once the genuine one is known. If the changed one comes first, it is taken.';

function toleranceOf(scheme: Proof['scheme']): number | undefined {
  if (scheme.kind === 'step') return scheme.toleranceSeconds;
  return scheme.kind === 'signature' ? scheme.timestamp?.toleranceSeconds : undefined;
}

function sentAgain({ provider, rememberedSeconds }: ProviderFacts, tolerance: number | undefined): string {
  if (!givesIds(provider)) {
    const while_ = tolerance === undefined ? 'at any time' : `for ${spanInWords(tolerance)}`;
    return `**Sent again as it is**: taken for another event, and published again, ${while_}.`;
  }
  const remembered = spanInWords(rememberedSeconds);
  return tolerance === undefined
    ? `**Sent again as it is**: accepted at any time, and dropped as a duplicate for as long as its id is remembered (${remembered}). After that it is published once more.`
    : `**Sent again as it is**: dropped as a duplicate within ${spanInWords(tolerance)}, and refused with 401 after that.`;
}

function underAnotherId(provider: Provider): readonly string[] {
  const { signatureMark, split, repeatableTypes = [] } = provider;
  const repeat =
    "published with `repeatof` (the first id), counted and alarmed; `once` of `headgate/events` takes both for one. With `repeatedContent: 'refuse'` it is a dead letter";
  const known =
    signatureMark === undefined
      ? `**Under another id**: recognised by its bytes and type, so it is ${repeat}.`
      : `**Under another id**: recognised by ${signatureMark === '{digest}' ? 'its body, whatever its type' : code(signatureMark)}, so it is ${repeat}. As another type, resource, time or content it is forged, and always a dead letter.`;
  return [
    known,
    ...(signatureMark !== undefined && split !== undefined
      ? ['The items of a batch share that mark, and are each recognised by their bytes and type.']
      : []),
    'That holds once the genuine one is known. If the changed one comes first, it counts as the first.',
    ...(repeatableTypes.length === 0
      ? []
      : [
          `Types that may rightly come twice with the same bytes are exempt, and published anew under each id: ${all(repeatableTypes.map(code))}.`,
        ]),
  ];
}

/** Where the type is read from that lies outside of what is signed. */
function openTypePlaces(provider: Provider, { scheme, coverage }: Proof): readonly string[] {
  const holes = holesOf(provider, 'type', scheme) ?? [];
  return holes.filter((hole) => !isCovered(hole, coverage)).map((hole) => code(nameOf(hole)));
}

function underAnotherType({ typeRequires = [] }: Provider, places: readonly string[]): string {
  return typeRequires.length === 0
    ? `**As another type**: ${all(places)} can be changed, and no rule says what contradicts it. Let what you do follow from what is signed.`
    : `**As another type**: ${all(places)} can be changed, but ${typeRequires.length} rules say what the body of a type holds and lacks. What contradicts them is refused with 400, or becomes a dead letter where only a full look tells.`;
}
