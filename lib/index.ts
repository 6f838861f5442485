/**
 * Sources and providers: what `bin/sources.ts` is written with.
 * @module
 */
export { ConfigurationError } from './core/errors.ts';
export type {
  Acknowledgement,
  Count,
  DeliveryHabits,
  EventShape,
  Handshake,
  HandshakeReply,
  HeaderFamily,
  Instant,
  KeyFormat,
  Provider,
  Scheme,
  SignatureHeader,
  SignatureScheme,
  SignatureVersion,
  Test,
  TimestampRule,
  TypeRule,
} from './core/provider.ts';
export {
  type ProviderDefinition,
  parseSources,
  type Source,
  type SourceDefinition,
  type Sources,
} from './core/source.ts';
export type { Template } from './core/template.ts';
export * from './providers/index.ts';
