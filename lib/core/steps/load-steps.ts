import { namedSteps } from '../named-steps.ts';
import type {
  AcknowledgeStep,
  ConfirmationStep,
  DocumentStep,
  IdentifyStep,
  Provider,
  SchemeStep,
} from '../provider.ts';
import type {
  AcknowledgeStepCode,
  ConfirmationStepCode,
  DocumentStepCode,
  IdentifyStepCode,
  SchemeStepCode,
} from '../step.ts';

/** The code of the steps that one provider names. */
export interface Steps {
  readonly document?: DocumentStepCode;
  readonly scheme?: SchemeStepCode;
  readonly identify?: IdentifyStepCode;
  readonly acknowledge?: AcknowledgeStepCode;
  readonly confirmation?: ConfirmationStepCode;
}

/**
 * Loads only the steps that the provider names; each is a file, and a chunk, of its own.
 * @example await loadSteps(github) // {}
 */
export async function loadSteps(provider: Provider): Promise<Steps> {
  const { document, scheme, identify, acknowledge, confirmation } = namedSteps(provider);
  return {
    ...(document !== undefined && { document: (await DOCUMENT_STEPS[document]()).step }),
    ...(scheme !== undefined && { scheme: (await SCHEME_STEPS[scheme]()).step }),
    ...(identify !== undefined && { identify: (await IDENTIFY_STEPS[identify]()).step }),
    ...(acknowledge !== undefined && { acknowledge: (await ACKNOWLEDGE_STEPS[acknowledge]()).step }),
    ...(confirmation !== undefined && { confirmation: (await CONFIRMATION_STEPS[confirmation]()).step }),
  };
}

type Loader<Code> = () => Promise<{ readonly step: Code }>;

const DOCUMENT_STEPS = {
  cloudevents: () => import('./cloudevents.ts'),
  'json-lines': () => import('./json-lines.ts'),
  'salesforce-soap': () => import('./salesforce-soap.ts'),
} satisfies Record<DocumentStep, Loader<DocumentStepCode>>;

const SCHEME_STEPS = {
  'adyen-signature': () => import('./adyen-signature.ts'),
  'contentful-signature': () => import('./contentful-signature.ts'),
  'atlassian-connect-token': () => import('./atlassian-connect-token.ts'),
  'atlassian-oauth-token': () => import('./atlassian-oauth-token.ts'),
  'hubspot-signature-v1': () => import('./hubspot-signature-v1.ts'),
  'hubspot-signature-v2': () => import('./hubspot-signature-v2.ts'),
  'hubspot-signature-v3': () => import('./hubspot-signature-v3.ts'),
  'mailgun-signature': () => import('./mailgun-signature.ts'),
  'microsoft-graph-tokens': () => import('./microsoft-graph-tokens.ts'),
  'paypal-signature': () => import('./paypal-signature.ts'),
  'sns-signature': () => import('./sns-signature.ts'),
  'twilio-signature': () => import('./twilio-signature.ts'),
} satisfies Record<SchemeStep, Loader<SchemeStepCode>>;

const IDENTIFY_STEPS = {
  'twilio-event': () => import('./twilio-event.ts'),
} satisfies Record<IdentifyStep, Loader<IdentifyStepCode>>;

const ACKNOWLEDGE_STEPS = {
  'discord-acknowledgement': () => import('./discord-acknowledgement.ts'),
} satisfies Record<AcknowledgeStep, Loader<AcknowledgeStepCode>>;

const CONFIRMATION_STEPS = {
  'sns-confirmation': () => import('./sns-confirmation.ts'),
} satisfies Record<ConfirmationStep, Loader<ConfirmationStepCode>>;
