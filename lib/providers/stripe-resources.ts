import type { Template } from '../core/template.ts';

/** Kinds of objects that events are about and that are read by their id (the `retrieve` methods of stripe@23.1.0). */
const KINDS = [
  ...['account', 'application_fee', 'apps.install', 'charge', 'checkout.session', 'coupon', 'credit_note'],
  ...['customer', 'dispute', 'file', 'invoice', 'invoice_payment', 'invoiceitem', 'mandate'],
  ...['payment_intent', 'payment_link', 'payment_method', 'payout', 'plan', 'price', 'product'],
  ...['promotion_code', 'quote', 'refund', 'review', 'setup_intent', 'source', 'subscription'],
  ...['subscription_schedule', 'tax_id', 'tax_rate', 'topup', 'transfer'],
  ...['billing.credit_balance_transaction', 'billing.credit_grant', 'billing.meter'],
  ...['billing_portal.configuration', 'climate.order', 'climate.product', 'financial_connections.account'],
  ...['identity.verification_session', 'issuing.authorization', 'issuing.card', 'issuing.cardholder'],
  ...['issuing.dispute', 'issuing.personalization_design', 'issuing.token', 'issuing.transaction'],
  ...['radar.early_fraud_warning', 'reporting.report_run', 'reporting.report_type', 'terminal.reader'],
  ...['test_helpers.test_clock', 'three_d_secure.authentication'],
  ...['treasury.credit_reversal', 'treasury.debit_reversal', 'treasury.financial_account'],
  ...['treasury.inbound_transfer', 'treasury.outbound_payment', 'treasury.outbound_transfer'],
  ...['treasury.received_credit', 'treasury.received_debit'],
];

/** Of the second API, whose events are all thin. */
const SECOND_KINDS = [
  ...['v2.core.account', 'v2.core.event_destination'],
  ...['v2.core.vault.gb_bank_account', 'v2.core.vault.us_bank_account'],
  ...['adjustment', 'financial_account', 'inbound_transfer', 'outbound_payment'].map(money),
  ...['outbound_setup_intent', 'payout_intent', 'payout_method', 'received_credit'].map(money),
  ...['recipient_verification', 'transaction'].map(money),
];

function money(kind: string): string {
  return `v2.money_management.${kind}`;
}

/**
 * Where the object of each kind is read.
 * @param id its hole.
 * @example stripePaths('{body:data.object.id}').charge // '/v1/charges/{body:data.object.id}'
 */
export function stripePaths(id: Template): Readonly<Record<string, Template>> {
  const folders = [
    ...KINDS.map((kind) => [kind, `v1.${kind}s`] as const),
    ...SECOND_KINDS.map((kind) => [kind, `${kind}s`] as const),
    ['scheduled_query_run', 'v1.sigma.scheduled_query_runs'] as const,
    ['v2.commerce.product_catalog_import', 'v2.commerce.product_catalog.imports'] as const,
    [money('financial_address'), money('financial_addresses')] as const,
    [money('transaction_entry'), money('transaction_entries')] as const,
  ];
  return Object.fromEntries(folders.map(([kind, folder]) => [kind, `/${folder.replaceAll('.', '/')}/${id}`]));
}

/** What ends an object. A subscription's deletion is its cancellation: it is still there. */
export const STRIPE_DELETIONS = [
  'apps.install.deleted',
  'coupon.deleted',
  'customer.deleted',
  'customer.tax_id.deleted',
  'invoice.deleted',
  'invoiceitem.deleted',
  'person.deleted',
  'plan.deleted',
  'price.deleted',
  'product.deleted',
  'test_helpers.test_clock.deleted',
] as const;
