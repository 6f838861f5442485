/** Longer ones cost more than they save: a tag lies in the subject's row. */
const ENTITY_TAG = /^(W\/)?"[\x21\x23-\x7e]{0,200}"$/;

/**
 * A tag that can be kept and sent back (RFC 9110, 8.8.3); undefined for anything else.
 * @example entityTag('W/"5d8c72a5"') // 'W/"5d8c72a5"'
 */
export function entityTag(value: string | undefined): string | undefined {
  return value !== undefined && ENTITY_TAG.test(value) ? value : undefined;
}
