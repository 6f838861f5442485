import type {
  AcknowledgeStep,
  ConfirmationStep,
  DocumentStep,
  IdentifyStep,
  Provider,
  SchemeStep,
} from './provider.ts';
import { singleSchemes } from './scheme/proof-places.ts';

/** The steps that a provider's value names, by kind. */
type NamedSteps = {
  readonly document?: DocumentStep;
  readonly scheme?: SchemeStep;
  readonly identify?: IdentifyStep;
  readonly acknowledge?: AcknowledgeStep;
  readonly confirmation?: ConfirmationStep;
};

/** @example namedSteps(twilio) // { scheme: 'twilio-signature', identify: 'twilio-event' } */
export function namedSteps({ document, scheme, events, acknowledge, handshakes = [] }: Provider): NamedSteps {
  const proof = singleSchemes(scheme).find((one) => one.kind === 'step');
  const [confirmation] = handshakes.flatMap(({ guard }) =>
    typeof guard === 'object' && 'confirms' in guard ? [guard.confirms] : [],
  );
  return {
    ...(typeof document === 'object' && 'step' in document && { document: document.step }),
    ...(proof !== undefined && { scheme: proof.step }),
    ...('step' in events && { identify: events.step }),
    ...(acknowledge !== undefined && 'step' in acknowledge && { acknowledge: acknowledge.step }),
    ...(confirmation !== undefined && { confirmation }),
  };
}
