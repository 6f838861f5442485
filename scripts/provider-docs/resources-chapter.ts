import type { ApiAuth, EventShape, Provider, ProviderApi } from '../../lib/core/provider.ts';
import type { Template } from '../../lib/core/template.ts';
import { bullets, chapter, code, either } from './markdown.ts';

/** How resources are read from the provider's API, if a source wants that. */
export function resourcesChapter({ api, events }: Provider): string | undefined {
  if (api === undefined) return undefined;
  return chapter(
    'Reading resources',
    'With `reconcile` of the source, the provider is asked how a resource stands: `when-unsure`, where what was sent gives no order or holds no state, or `always`.',
    bullets([
      `**Where**: ${addressesInWords(api)}`,
      `**Credentials**, as \`api\` in the stored secret: ${either(api.auth.map(authInWords))}.`,
      `**Pace**: ${api.rate.perSecond} a second at most, ${api.rate.burst} at once; 429 and \`Retry-After\` are obeyed.`,
    ]),
    'step' in events ? undefined : `What is read:\n\n\`\`\`text\n${pathsOf(events).join('\n')}\n\`\`\``,
  );
}

/** Each once, in the order of the events. */
function pathsOf(shapes: readonly EventShape[]): readonly Template[] {
  const paths = shapes.flatMap(({ resource }) => {
    if (resource === undefined) return [];
    if (typeof resource.path === 'string') return [resource.path];
    return 'by' in resource.path ? Object.values(resource.path.of) : resource.path;
  });
  return [...new Set(paths)];
}

function addressesInWords({ baseUrls }: ProviderApi): string {
  if (baseUrls === undefined)
    return 'each account has an address of its own; the source says which (`api.baseUrl`).';
  const [first, ...others] = Object.entries(baseUrls).map(([name, url]) => `<${url}> (${code(name)})`);
  return others.length === 0 ? `${first}.` : `${first}, unless the source names ${either(others)}.`;
}

function authInWords(auth: ApiAuth): string {
  switch (auth.kind) {
    case 'token': {
      const behind = auth.prefix === undefined ? '' : ` behind ${code(auth.prefix)}`;
      return `a token, sent in ${code(auth.header)}${behind}`;
    }
    case 'basic':
      return '`user:password`';
    case 'client-credentials':
      return `\`client_id:client_secret\`, exchanged for a token at ${code(auth.tokenPath)}`;
    case 'github-app':
      return 'the JSON of an App: `{"appId": …, "installationId": …, "privateKey": …}`';
  }
}
