import { holds } from './holds.ts';
import { timeOf, versionOf } from './instant.ts';
import type { EventShape, Provider } from './provider.ts';
import { resourceAddress } from './resource-address.ts';
import type { IdentifyStepCode, Identity } from './step.ts';
import type { Steps } from './steps/load-steps.ts';
import { fill, fillFirst, type ReadHole, type Template } from './template.ts';

export type Identification =
  | { readonly kind: 'identified'; readonly identity: Identity }
  | {
      readonly kind: 'unidentified';
      /** Which template had no value; quotes nothing of the body. */
      readonly explanation: string;
    };

/**
 * What an event says of itself, by the first of the provider's shapes whose conditions all hold, or by its step.
 * @throws {TypeError} when that step was not loaded: a bug.
 */
export function identityOf(provider: Provider, read: ReadHole, steps: Steps): Identification {
  if ('step' in provider.events) {
    const { step } = provider.events;
    const identity = loadedStep(provider, steps).identify(read);
    return identity === undefined
      ? unidentified(`the step ${step} knows no such event`)
      : { kind: 'identified', identity };
  }
  const shape = shapeOf(provider.events, read);
  return shape === undefined
    ? unidentified(`it has the shape of no event that ${provider.title} is known to send`)
    : identityByShape(shape, read);
}

/** Whether any event of the provider may have an id of its own. What a step reads only the step knows. */
export function givesIds({ events }: Pick<Provider, 'events'>): boolean {
  return 'step' in events || events.some(({ id }) => id !== undefined);
}

/** The type alone: where it lies in headers, no other part of the request is looked at. */
export function eventType(provider: Provider, read: ReadHole, steps: Steps): string | undefined {
  if ('step' in provider.events) return loadedStep(provider, steps).identify(read)?.type;
  const shape = shapeOf(provider.events, read);
  return shape && fillFirst(shape.type, read);
}

function loadedStep(provider: Provider, steps: Steps): IdentifyStepCode {
  if (steps.identify === undefined)
    throw new TypeError(`the identify step of provider ${provider.name} is not loaded: call loadSteps first`);
  return steps.identify;
}

function shapeOf(shapes: readonly EventShape[], read: ReadHole): EventShape | undefined {
  return shapes.find(({ when }) => when?.every((test) => holds(test, read)) ?? true);
}

function identityByShape(shape: EventShape, read: ReadHole): Identification {
  const id = shape.id && fillFirst(shape.id, read);
  if (shape.id !== undefined && id === undefined)
    return unidentified(`there is no value for its id: ${listed(shape.id)}`);
  const type = fillFirst(shape.type, read);
  if (type === undefined) return unidentified(`there is no value for its type: ${listed(shape.type)}`);
  const subject = shape.subject && fillFirst(shape.subject, read);
  const time = shape.time && timeOf(fill(shape.time.at, read) ?? '', shape.time.unit);
  const version = shape.version && versionOf(fill(shape.version.at, read) ?? '', shape.version.unit);
  const resource = shape.resource && resourceAddress(shape.resource, read);
  return {
    kind: 'identified',
    identity: {
      ...(id === undefined ? {} : { id }),
      type,
      ...(subject === undefined ? {} : { subject }),
      ...(time === undefined ? {} : { time }),
      ...(version === undefined ? {} : { version }),
      ...(resource === undefined ? {} : { resource }),
    },
  };
}

function listed(templates: Template | readonly Template[]): string {
  return typeof templates === 'string' ? templates : templates.join(' or ');
}

function unidentified(explanation: string): Identification {
  return { kind: 'unidentified', explanation };
}
