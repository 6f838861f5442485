import type { Provider, SignatureVersion, TimestampRule } from '../core/provider.ts';
import { type SenderOptions, sender } from './sender.ts';

export interface HmacOptions extends SenderOptions {
  /** The header that holds the signature. Default `x-signature`. */
  readonly header?: string;
  /** What stands before the signature and an equals sign: `sha256` for `sha256=…`. Default: nothing. */
  readonly label?: string;
  /** Default `hmac-sha256`. */
  readonly algorithm?: 'hmac-sha1' | 'hmac-sha256' | 'hmac-sha512';
  /** How the signature is written. Default `hex`. */
  readonly encoding?: SignatureVersion['encoding'];
  /** How the stored text is the key. Default: as it stands. */
  readonly key?: SignatureVersion['key'];
  /** A signed time: its header, in which unit it counts, and how far from now it may be, in seconds (default 300). */
  readonly timestamp?: Pick<TimestampRule, 'unit'> & {
    readonly header: string;
    readonly toleranceSeconds?: number;
  };
  /** What is signed. Default `{body}`, and with a timestamp `{timestamp}.{body}`. */
  readonly signed?: string;
}

/**
 * A sender that signs the raw body by HMAC, alone or with a time. For more (a signed id, several signatures, labels), write the value
 * itself: it is no longer than this.
 * @example hmacSender({ name: 'acme', header: 'x-acme-signature', label: 'sha256', id: '{body:event_id}' })
 */
export function hmacSender(options: HmacOptions = {}): Provider {
  const { header = 'x-signature', label, algorithm = 'hmac-sha256', encoding = 'hex', ...more } = options;
  const { key = { encoding: 'utf8' }, timestamp, ...rest } = more;
  const { signed = timestamp === undefined ? '{body}' : '{timestamp}.{body}', ...others } = rest;
  return sender(others, {
    name: 'hmac',
    title: 'Any sender that signs by HMAC',
    docs: ['https://www.rfc-editor.org/rfc/rfc2104'],
    scheme: {
      kind: 'signature',
      families: [
        {
          signature: { header, ...(label === undefined ? {} : { assign: '=' }) },
          ...(timestamp === undefined ? {} : { timestamp: { header: timestamp.header } }),
        },
      ],
      signed,
      versions: [{ ...(label === undefined ? {} : { label }), algorithm, encoding, key }],
      ...(timestamp === undefined
        ? {}
        : { timestamp: { unit: timestamp.unit, toleranceSeconds: timestamp.toleranceSeconds ?? 300 } }),
    },
    setup: [
      'Store the secret that the sender signs with. Its pages say in which header the signature comes, how it is written and what is signed.',
      'Say so: hmacSender({ header: "x-acme-signature", label: "sha256", encoding: "hex" }). By default it is the hex of HMAC-SHA256 over the raw body, in x-signature.',
      'Say where the events’ id and type lie: { id: "{body:…}", type: "{body:…}" }. Without an id, equal bodies are one event.',
      'Without a signed time a captured request can come again: only its id, or its equal body, tells a copy.',
    ],
  });
}

/** With nothing said of the sender. */
export const hmac: Provider = hmacSender();
