import { form, type SampleBook } from './sample.ts';

/** Mollie sends the id of a payment, and nothing else. */
export const mollieClassic: SampleBook = {
  bodies: { 'payment.changed': (fresh) => form({ id: `tr_${fresh.text(22)}` }) },
};
