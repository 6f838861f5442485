import { type Fresh, json, type SampleBody, type SampleBook, seconds } from './sample.ts';

/** A snapshot, indented as Stripe does it. */
function snapshot(
  type: string,
  object: (fresh: Fresh) => Readonly<Record<string, unknown>>,
): (fresh: Fresh) => SampleBody {
  return (fresh) =>
    json(
      {
        id: `evt_1${fresh.text(23)}`,
        object: 'event',
        api_version: '2026-10-28.endive',
        created: seconds(fresh.now),
        data: { object: object(fresh) },
        livemode: false,
        pending_webhooks: 1,
        request: { id: `req_${fresh.text(14)}`, idempotency_key: fresh.uuid() },
        type,
      },
      2,
    );
}

function paymentIntent(fresh: Fresh): Readonly<Record<string, unknown>> {
  return {
    id: `pi_3${fresh.text(23)}`,
    object: 'payment_intent',
    amount: 2000,
    amount_capturable: 0,
    amount_received: 2000,
    capture_method: 'automatic',
    client_secret: null,
    confirmation_method: 'automatic',
    created: seconds(fresh.now),
    currency: 'eur',
    customer: `cus_${fresh.text(14)}`,
    description: 'Order 1347',
    latest_charge: `ch_3${fresh.text(23)}`,
    livemode: false,
    metadata: { order_id: '1347' },
    payment_method_types: ['card', 'sepa_debit'],
    status: 'succeeded',
  };
}

function invoice(fresh: Fresh): Readonly<Record<string, unknown>> {
  const created = seconds(fresh.now);
  return {
    id: `in_1${fresh.text(23)}`,
    object: 'invoice',
    account_country: 'DE',
    amount_due: 2000,
    amount_paid: 2000,
    amount_remaining: 0,
    attempt_count: 1,
    billing_reason: 'subscription_cycle',
    created,
    currency: 'eur',
    customer: `cus_${fresh.text(14)}`,
    customer_email: 'jenny.rosen@example.com',
    livemode: false,
    metadata: {},
    number: 'A1B2C3D4-0042',
    status: 'paid',
    status_transitions: { finalized_at: created, paid_at: created },
    total: 2000,
  };
}

function subscription(fresh: Fresh): Readonly<Record<string, unknown>> {
  const created = seconds(fresh.now);
  return {
    id: `sub_1${fresh.text(23)}`,
    object: 'subscription',
    cancel_at_period_end: false,
    collection_method: 'charge_automatically',
    created,
    currency: 'eur',
    customer: `cus_${fresh.text(14)}`,
    items: {
      object: 'list',
      data: [
        {
          id: `si_${fresh.text(14)}`,
          object: 'subscription_item',
          current_period_start: created,
          current_period_end: created + 2_592_000,
          quantity: 1,
        },
      ],
    },
    livemode: false,
    metadata: {},
    status: 'active',
  };
}

/** A thin event: it names the resource, and says nothing of its state. */
function thin(fresh: Fresh): SampleBody {
  const meter = `mtr_test_61${fresh.text(30)}`;
  return json({
    id: `evt_test_65${fresh.text(30)}`,
    object: 'v2.core.event',
    type: 'v1.billing.meter.error_report_triggered',
    created: new Date(fresh.now).toISOString(),
    livemode: false,
    context: null,
    reason: null,
    related_object: { id: meter, type: 'billing.meter', url: `/v1/billing/meters/${meter}` },
  });
}

/** https://docs.stripe.com/api/events/object and https://docs.stripe.com/api/v2/core/events */
export const stripe: SampleBook = {
  bodies: {
    'payment_intent.succeeded': snapshot('payment_intent.succeeded', paymentIntent),
    'invoice.paid': snapshot('invoice.paid', invoice),
    'customer.subscription.updated': snapshot('customer.subscription.updated', subscription),
    'v1.billing.meter.error_report_triggered': thin,
  },
};
