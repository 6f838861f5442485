import { proofInWords } from '../../lib/cli/scheme-in-words.ts';
import type { Provider, SingleScheme } from '../../lib/core/provider.ts';
import { capturedInWords, SECRET_INSIDE } from './captured-request.ts';
import { type Field, holesOf, isCovered, nameOf } from './event-places.ts';
import { all, blocks, bullets, chapter, code, either, table } from './markdown.ts';
import type { Proof, ProviderFacts } from './provider-facts.ts';

const PARTS: readonly (readonly [title: string, field: Field])[] = [
  ['id of the event', 'id'],
  ['its type', 'type'],
  ['its resource', 'subject'],
  ['its time', 'time'],
  ['its version', 'version'],
];

const TITLE = 'What the signature covers, and what not';

/** What a signature binds, part by part, and what that leaves to whoever captured a request. */
export function coverageChapter(facts: ProviderFacts): string | undefined {
  const { provider, proofs } = facts;
  if (proofs.every(({ scheme }) => scheme.kind === 'token' || scheme.kind === 'basic'))
    return chapter(TITLE, `Nothing. ${SECRET_INSIDE}`);
  const [only, ...others] = proofs;
  const titles = others.length === 0 ? ['signed'] : proofs.map(({ scheme }) => proofTitle(scheme));
  return chapter(
    TITLE,
    table(['part of the request', ...titles], rows(provider, proofs)),
    'A change of what is signed is refused with 401. All else is whatever the last one who held the request made of it; TLS alone protects that on its way.',
    '### With one captured request',
    others.length === 0 && only !== undefined
      ? bullets(capturedInWords(facts, only))
      : blocks(
          ...proofs.map((proof) =>
            blocks(`By the ${proofTitle(proof.scheme)}:`, bullets(capturedInWords(facts, proof))),
          ),
        ),
  );
}

/** @example proofTitle(scheme) // 'token in `x-gitlab-token`' */
function proofTitle(scheme: SingleScheme): string {
  switch (scheme.kind) {
    case 'signature':
      return `signature in ${code(scheme.families[0].signature.header)}`;
    case 'token':
      if ('header' in scheme) return `token in ${code(scheme.header)}`;
      return 'query' in scheme
        ? `token in the URL’s ${code(scheme.query)}`
        : `token in the body’s ${code(scheme.body)}`;
    case 'basic':
    case 'step':
      return proofInWords(scheme);
  }
}

function rows(provider: Provider, proofs: readonly Proof[]): readonly (readonly string[])[] {
  const row = (title: string, say: (proof: Proof) => string): readonly string[] => [
    title,
    ...proofs.map(say),
  ];
  const places = PARTS.map(([title, field]) => row(title, (proof) => fieldInWords(provider, field, proof)));
  return [
    row('body', bodyInWords),
    row('URL', ({ coverage }) => URLS[coverage.url]),
    row('method', ({ coverage }) => coverage.method),
    row('time of sending', ({ coverage }) => coverage.time),
    ...('step' in provider.events
      ? [row('id, type, resource and version of the event', () => 'as far as the body is')]
      : places.filter((cells) => cells.slice(1).some((text) => text !== ''))),
  ];
}

const URLS = { yes: 'yes', path: 'path and query, not the host', no: 'no' } as const;

/** What a step covers it may cover in a form of its own: parameters, a checksum. */
function bodyInWords({ scheme, coverage: { body } }: Proof): string {
  if (body === 'all') return scheme.kind === 'signature' ? 'yes, every byte' : 'yes';
  if (body === 'nothing') return 'no';
  return `only ${all(body.map(code))}`;
}

/** Empty where no event has such a field. */
function fieldInWords(provider: Provider, field: Field, { scheme, coverage }: Proof): string {
  const holes = holesOf(provider, field, scheme) ?? [];
  if (holes.length === 0) return '';
  if (scheme.kind === 'token' || scheme.kind === 'basic') return 'no';
  const open = holes.filter((hole) => !isCovered(hole, coverage));
  if (open.length === 0)
    return field === 'id' && provider.idCoverage === 'unsigned' ? 'as far as the body is' : 'yes';
  const places = either(open.map((hole) => code(nameOf(hole))));
  return open.length === holes.length ? `no: ${places}` : `in part: not from ${places}`;
}
