import type { Certificates } from '../../lib/core/ports.ts';
import type { Provider } from '../../lib/core/provider.ts';
import type { Headers, Method, Request } from '../../lib/core/request.ts';
import type { SigningKeyPair } from '../../lib/core/scheme/signing-key-pair.ts';

/** What proves one provider: real-shaped requests under secrets of our own, and what must be read from them. */
export interface ProviderFixture {
  readonly provider: Provider;
  /** What our public URL begins with; the rest of it is the request's path and query. */
  readonly publicUrl: string;
  /** What is configured to accept the samples. */
  readonly secret: string;
  /** What signs under it: the same text, or the private key. */
  readonly signer: string;
  /** Where keys come as certificates: what the receiver is given in the place of the network. */
  readonly certificates?: Certificates;
  /** Other keys of the same kind, where `signingKeyPair` cannot make them. */
  readonly freshKeys?: () => SigningKeyPair;
  /** Where the proof lies in the body, if only the scheme's step knows that. */
  readonly proofs?: readonly string[];
  /** The `verify` text of the stored secret, for handshakes that a verify token guards. */
  readonly verifyToken?: string;
  readonly samples: readonly [Sample, ...Sample[]];
  /** Set-up challenges, each with the answer it must get. */
  readonly handshakes?: readonly HandshakeSample[];
  /** Answers of the provider's API; at least one where it has one, and one of each other kind that its answers can be. */
  readonly resources?: readonly ResourceSample[];
}

export interface Sample {
  readonly name: string;
  /** As the provider sent it, with one signature that was made without our code: the fixture says with which command. */
  readonly request: Request;
  /** What the provider changes when it sends the same event again, beside the time and the signature. */
  readonly again?: Headers;
  /** In the order of the batch. */
  readonly events: readonly ExpectedEvent[];
}

export interface ExpectedEvent {
  /** Absent where the provider gives none. */
  readonly id?: string;
  readonly type: string;
  readonly subject?: string;
  /** RFC 3339 in UTC with milliseconds. */
  readonly time?: string;
  /** 20 digits. */
  readonly version?: string;
  /** Where its resource is read, when its source reconciles; absent where that can't be. */
  readonly resource?: ExpectedResource;
}

interface ExpectedResource {
  /** Below the base URL. */
  readonly path: string;
  readonly says: 'stands' | 'deleted';
  /** Where the payload carries no state: the subject that the event has only when its source reconciles. */
  readonly subject?: string;
}

/** The body of a 200 of the provider's API, in its real shape. */
export interface ResourceSample {
  readonly name: string;
  /** That of the event it answers for. */
  readonly path: string;
  /** The resource as that event tells of it, or deleted. */
  readonly body: string;
  /** 20 digits, where the document has a version that its events' can be compared with: then it is the event's. */
  readonly reads:
    | { readonly kind: 'stands'; readonly version?: string }
    | { readonly kind: 'deleted' }
    /** Errors under 200. */
    | { readonly kind: 'absence' | 'something-else' };
}

export interface HandshakeSample {
  readonly name: string;
  readonly request: Request;
  /** `none`: answered without a signature. `verify-token`: to whoever knows that. `installs`: the secret that it brings. */
  readonly guard: 'verified' | 'none' | 'verify-token' | { readonly installs: string };
  /** The address that is called first, where the provider wants a call for a yes. */
  readonly confirms?: string;
  readonly answer: {
    readonly status: number;
    readonly body: string;
    readonly contentType?: string;
    /** Beside the content type. */
    readonly headers?: Headers;
  };
}

/** @example post('/github', { 'x-github-event': 'push' }, '{"ref":"refs/heads/main"}', '2026-11-24T10:00:00Z') */
export function post(path: string, headers: Headers, body: string, receivedAt: string): Request {
  return call('POST', path, headers, body, receivedAt);
}

export function call(
  method: Method,
  path: string,
  headers: Headers,
  body: string,
  receivedAt: string,
): Request {
  const [bare = '', query = ''] = path.split('?');
  return { method, path: bare, query, headers, body: Buffer.from(body), receivedAt: Date.parse(receivedAt) };
}
