import { fieldOf, type Place, quote, wrong } from '../place.ts';
import type { ApiAuth, Provider, ProviderApi } from '../provider.ts';
import { list, oneOf, optional, record, type Shape, wholeNumber } from '../shape.ts';
import type {
  ApiNetwork,
  Patience,
  Reconciliation,
  SourceApiDefinition,
  SourceDefinition,
} from '../source.ts';
import { AUTH_KINDS, httpsBase, rate } from './api-shape.ts';
import { documentPath } from './template-shape.ts';

/** Longer than this no delivery waits, whatever for (`postponement.ts`); the rest is a margin. */
const LONGEST_PATIENCE_SECONDS = 72_000;
const DEFAULT_PATIENCE: Patience = { seconds: 3_600, afterwards: 'publish' };

const NAME = /^[a-z][a-z-]{0,39}$/;

/** A stub on this machine needs no certificate; anything else does. */
const LOOPBACK = /^http:\/\/127\.0\.0\.1:\d{1,5}$/;

const baseUrl: Shape<string> = (value, place) =>
  typeof value === 'string' && (NAME.test(value) || LOOPBACK.test(value)) ? value : httpsBase(value, place);

export const sourceApi: Shape<SourceApiDefinition> = record<SourceApiDefinition>({
  baseUrl: optional(baseUrl),
  auth: optional(oneOf(...AUTH_KINDS)),
  rate: optional(rate),
  redact: optional(list(documentPath, 'a list of paths')),
});

export const patience: Shape<Patience> = record<Patience>({
  seconds: wholeNumber(0, LONGEST_PATIENCE_SECONDS, 'seconds'),
  afterwards: oneOf('publish', 'dead-letter'),
});

type Options = Pick<SourceDefinition, 'reconcile' | 'api' | 'patience'>;

/** What the options come to; undefined when the provider's API is never asked. Notes what does not fit. */
export function reconciliation(
  provider: Provider,
  options: Options,
  place: Place,
): Reconciliation | undefined {
  const { reconcile = 'off', api = {} } = options;
  if (reconcile === 'off') {
    for (const name of ['api', 'patience'] as const) {
      if (options[name] !== undefined)
        wrong(fieldOf(place, name), 'it', 'nothing, since reconcile is "off" and the API is never asked');
    }
    return undefined;
  }
  if (provider.api === undefined)
    return wrong(
      fieldOf(place, 'reconcile'),
      quote(reconcile),
      `"off", since no API of ${provider.name} is known that tells how a resource stands`,
    );
  const at = fieldOf(place, 'api');
  const url = baseUrlOf(provider.api, api.baseUrl, fieldOf(at, 'baseUrl'));
  const auth = authOf(provider.api, api.auth, fieldOf(at, 'auth'));
  if (url === undefined || auth === undefined) return undefined;
  return {
    when: reconcile,
    baseUrl: url,
    network: networkOf(provider.api, url),
    auth,
    rate: api.rate ?? provider.api.rate,
    redact: api.redact ?? [],
    patience: options.patience ?? DEFAULT_PATIENCE,
  };
}

function baseUrlOf(
  { baseUrls = {} }: ProviderApi,
  chosen: string | undefined,
  place: Place,
): string | undefined {
  const names = Object.keys(baseUrls).map(quote).join(', ');
  const allowed = names === '' ? 'an https address' : `${names} or an https address`;
  if (chosen === undefined)
    return Object.values(baseUrls)[0] ?? wrong(place, 'nothing', `${allowed}: every account has its own`);
  if (!NAME.test(chosen)) return chosen;
  return Object.hasOwn(baseUrls, chosen) ? baseUrls[chosen] : wrong(place, quote(chosen), allowed);
}

/** Who writes out the address of a host that the provider's value names has no server of his own there. */
function networkOf({ baseUrls = {} }: ProviderApi, url: string): ApiNetwork {
  const isProviders = Object.values(baseUrls).some((named) => hostOf(named) === hostOf(url));
  return isProviders || LOOPBACK.test(url) ? 'public' : 'private-too';
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : url;
}

function authOf(
  { auth }: ProviderApi,
  chosen: ApiAuth['kind'] | undefined,
  place: Place,
): ApiAuth | undefined {
  if (chosen === undefined) return auth[0];
  return (
    auth.find(({ kind }) => kind === chosen) ??
    wrong(place, quote(chosen), auth.map(({ kind }) => quote(kind)).join(' or '))
  );
}
