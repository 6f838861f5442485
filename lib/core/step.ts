import type { Document, Unreadable } from './document.ts';
import type { Version } from './event.ts';
import type { Certificates } from './ports.ts';
import type { Rejection } from './rejection.ts';
import type { EpochMs, Headers, Request } from './request.ts';
import type { FoundResource } from './resource-address.ts';
import type { SecretAge, SourceSecrets } from './secret.ts';
import type { ReadHole } from './template.ts';

/** What a scheme step is given: everything that a signature could cover. */
export interface SchemeInput {
  readonly request: Request;
  /** The public URL as the provider called it: configured base, path, raw query. Never from the Host header. */
  readonly url: string;
  readonly secrets: SourceSecrets;
  /** Of the source, else of the scheme; absent where neither names one. */
  readonly toleranceSeconds?: number;
  readonly certificates?: Certificates;
}

/** The signature holds, and which secret it was made with. */
export interface Proof {
  readonly kind: 'proved';
  readonly age: SecretAge;
  /** What goes on in the place of the request: without what the proof says nothing of, and so nobody may read. Absent: all of it. */
  readonly request?: Request;
  /** How many items of the body were not proved, and so are no part of that request. Absent: none. */
  readonly dropped?: number;
}

/** Proves (and, for tests and the simulator, signs) what no table of headers and templates can describe. */
export interface SchemeStepCode {
  /** What a signature covers: of the body all, nothing, or the values at these paths. The contract suite holds the step to it. */
  readonly covers: {
    readonly body: 'all' | 'nothing' | readonly string[];
    /** `path`: the path and the query, at whatever host. */
    readonly url: 'yes' | 'path' | 'no';
    readonly method: 'yes' | 'no';
    /** The header of an id that it covers. */
    readonly id?: string;
    /** More headers that it covers; one that it can leave out does not go on then. */
    readonly headers?: readonly string[];
  };
  /** Where in a JSON body the secret itself lies, or what is as good: it is published with no event. `*` stands for every item. */
  readonly secretPaths?: readonly string[];
  /** @throws {InfrastructureError} when a certificate or a key cannot be had. */
  verify(input: SchemeInput): Proof | Rejection | Promise<Proof | Rejection>;
  /** What a provider would add to the request. */
  sign(input: StepSignInput): SignedParts;
}

export interface StepSignInput {
  readonly request: Request;
  readonly url: string;
  /** The configured secret, or what signs under it. */
  readonly secret: string;
  readonly id: string;
  readonly timestamp: EpochMs;
}

export interface SignedParts {
  readonly headers: Readonly<Record<string, string>>;
  /** Replaces the request's query when the signature lies in the URL. */
  readonly query?: string;
  /** Replaces the request's body when the signature, or a signed time, lies in it. */
  readonly body?: Buffer;
}

/** Makes the JSON document of a request whose body is no JSON and no form, or not all of it. Never throws because of what was sent. */
export interface DocumentStepCode {
  /** How the names of the headers begin that it reads, beside the content type: a delivery keeps them. */
  readonly headerPrefix?: string;
  /** @returns JSON, no deeper than `depth`, or what is wrong with the request, which quotes nothing of it. */
  read(
    request: { readonly headers: Headers; readonly body: Buffer },
    options: { readonly depth: number },
  ): Document | Unreadable;
}

/** What one event says of itself. */
export interface Identity {
  /** Unique within the source, the same on every redelivery; absent as in `EventShape`. */
  readonly id?: string;
  readonly type: string;
  readonly subject?: string;
  readonly time?: EpochMs;
  readonly version?: Version;
  readonly resource?: FoundResource;
}

/**
 * Identifies an event where templates cannot; undefined when it is none that the step knows.
 * It reads the body and the query; of the headers only what the provider's value names elsewhere is kept with a delivery.
 */
export interface IdentifyStepCode {
  identify(read: ReadHole): Identity | undefined;
}

/** What an HTTP caller gets. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Which call says yes to a set-up request. */
export interface ConfirmationStepCode {
  /**
   * An address on the provider's own host, built from values that were checked and never taken from the request as it stands; undefined
   * when one of them is missing.
   */
  address(read: ReadHole): string | undefined;
}

/** The acknowledgement where it depends on what came. */
export interface AcknowledgeStepCode {
  acknowledge(read: ReadHole): HttpAnswer;
}
