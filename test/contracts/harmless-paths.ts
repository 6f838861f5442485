import fc from 'fast-check';
import { expect } from 'vitest';
import { apiUrl } from '../../lib/core/api/api-request.ts';
import type { Delivery } from '../../lib/core/delivery.ts';
import { eventDocuments, readDocument } from '../../lib/core/document.ts';
import { identityOf } from '../../lib/core/event-identity.ts';
import { holeReader } from '../../lib/core/hole-reader.ts';
import type { Provider } from '../../lib/core/provider.ts';
import type { Steps } from '../../lib/core/steps/load-steps.ts';
import type { ReadHole } from '../../lib/core/template.ts';

/** What would lead out of a path, or to another place of it. */
const LEADING_AWAY = ['', '.', '..', '../x', 'a/b', 'a?b', 'a#b', '%2e', '%2e%2e', '..%2f', 'a\\b', 'é', ' '];

const UNSAFE = [...'/?#%\\ \t\n\u0000@{}"<>é'];

/** Never an id as it stands, whatever is around the character that makes it none. What it begins with is in no path. */
const noId: fc.Arbitrary<string> = fc
  .tuple(fc.string({ maxLength: 8 }), fc.constantFrom(...UNSAFE), fc.string({ maxLength: 8 }))
  .map(([before, character, after]) => `~no-id~${before}${character}${after}`);

/** Whatever stands in the places of a delivery that its events are identified by: the path of a resource is one below the base URL. */
export function expectHarmlessPaths(provider: Provider, delivery: Delivery, steps: Steps): void {
  const pathOf = (read: ReadHole): string | undefined => {
    const identification = identityOf(provider, read, steps);
    return identification.kind === 'identified' ? identification.identity.resource?.address.path : undefined;
  };
  for (const read of eventReaders(provider, delivery, steps)) {
    for (const hole of holesUsed(provider, read, steps)) {
      const withText = (text: string): string | undefined =>
        pathOf((asked) => (nameOf(asked) === hole ? text : read(asked)));
      for (const text of LEADING_AWAY) expectHarmless(withText(text));
      fc.assert(
        fc.property(noId, (text) => {
          const path = withText(text);
          expectHarmless(path);
          expect(path ?? '').not.toContain(text);
        }),
        { numRuns: 25 },
      );
    }
  }
}

const BASE = 'https://api.example.com/v1';

function expectHarmless(path: string | undefined): void {
  if (path === undefined) return;
  expect(apiUrl(BASE, path)).toBe(`${BASE}${path}`);
  expect(path).not.toContain('//');
}

/** How the places of a delivery are read, event by event. */
function eventReaders(provider: Provider, delivery: Delivery, steps: Steps): readonly ReadHole[] {
  const document = readDocument(delivery, { place: provider.document, steps });
  const documents = document.kind === 'unreadable' ? document : eventDocuments(document, provider.split);
  if ('kind' in documents) throw new Error(documents.explanation);
  return documents.map((each) =>
    holeReader({ ...delivery, document: () => each, digest: () => 'd'.repeat(64) }),
  );
}

/** The places that an event is identified by. */
function holesUsed(provider: Provider, read: ReadHole, steps: Steps): ReadonlySet<string> {
  const used = new Set<string>();
  identityOf(
    provider,
    (hole) => {
      used.add(nameOf(hole));
      return read(hole);
    },
    steps,
  );
  return used;
}

function nameOf({ from, name }: Parameters<ReadHole>[0]): string {
  return `${from} ${name}`;
}
