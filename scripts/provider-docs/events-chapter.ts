import type { EventShape, Provider } from '../../lib/core/provider.ts';
import { holesIn } from '../../lib/core/template.ts';
import { FIELDS, templatesOf } from './event-places.ts';
import { eventTable } from './event-table.ts';
import { all, chapter, code, either } from './markdown.ts';
import { DOCUMENT_STEP_WORDS, IDENTIFY_STEP_WORDS } from './step-words.ts';

const PLACES: Readonly<Record<string, string>> = {
  header: 'a header',
  query: 'a parameter of the URL',
  body: 'a path in the body',
  digest: 'the SHA-256 of the event',
};

/** How events are read from a delivery. */
export function eventsChapter({ events, split, document, name }: Provider): string | undefined {
  return chapter(
    'Events',
    `The type of a published event begins with \`${name}.\`; what follows is the provider’s own.`,
    documentInWords(document),
    splitInWords(split),
    ...('step' in events ? [IDENTIFY_STEP_WORDS[events.step]] : shapesInWords(events)),
  );
}

function documentInWords(place: Provider['document']): string | undefined {
  if (place === undefined) return undefined;
  if (place === 'json') return 'The body is read as JSON, whatever its Content-Type says.';
  return 'step' in place
    ? DOCUMENT_STEP_WORDS[place.step]
    : `A form is read as the JSON in its field ${code(place.formField)}; one without that field as its fields.`;
}

function splitInWords(split: Provider['split']): string | undefined {
  if (split === undefined) return undefined;
  if (split === 'items')
    return 'A delivery may be a list: then each item is an event of its own. One that cannot be read stops no other.';
  return `Each item at ${either(split.map(code))} is an event of its own, read as if it had come alone: its paths have 0 in the place of each \`*\`. One that cannot be read stops no other.`;
}

function shapesInWords(shapes: readonly EventShape[]): readonly string[] {
  const states = shapes.some(({ subject, version }) => subject !== undefined && version !== undefined);
  return [
    legend(shapes),
    ...eventTable(shapes),
    states
      ? 'An event with a resource and a version is a state of that resource, and put in its order. Without a version it has no certain place there.'
      : '',
  ];
}

function legend(shapes: readonly EventShape[]): string {
  const holes = [...holesIn(shapes.map(({ resource: _, ...read }) => read))];
  const kinds = Object.entries(PLACES).filter(([kind]) => holes.some(({ from }) => from === kind));
  const places = kinds.map(([kind, place], index) => {
    const shown = code(kind === 'digest' ? '{digest}' : `{${kind}:…}`);
    return `${shown}${index === 0 ? ' is' : ''} ${place}`;
  });
  const several = shapes.some((shape) => FIELDS.some((field) => templatesOf(shape, field).length > 1));
  return [
    places.length === 0 ? '' : `${all(places)}.`,
    several ? 'Of several, the first that has a value counts.' : '',
    holes.some(({ presence }) => presence === 'optional') ? 'What ends in `?` may be missing.' : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}
