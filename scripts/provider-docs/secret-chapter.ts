import { spanInWords } from '../../lib/cli/delivery-in-words.ts';
import type { SignatureScheme, SignatureVersion, SingleScheme } from '../../lib/core/provider.ts';
import { bullets, chapter, code, either } from './markdown.ts';
import type { ProviderFacts } from './provider-facts.ts';

const ENCODINGS = {
  utf8: 'taken as it is written',
  hex: 'in hex',
  base64: 'in base64',
} as const;

/** What is stored for a source, and how it changes. */
export function secretChapter({ provider, proofs }: ProviderFacts): string | undefined {
  const forms = [...new Set(proofs.flatMap(({ scheme }) => formsOf(scheme)))];
  const { handshakes = [] } = provider;
  const verify = handshakes.some(({ guard }) => typeof guard === 'object' && 'verifyToken' in guard);
  const installs = handshakes.some(({ guard }) => typeof guard === 'object' && 'installs' in guard);
  const fields = ['"signing": ["the newest", "an older one"]', ...(verify ? ['"verify": "…"'] : [])];
  return chapter(
    'Secret',
    `${forms.length === 0 ? 'The set-up says what the secret is.' : `The signing secret is ${either(forms)}.`} Store it alone, or several at once as`,
    `\`\`\`json\n{ ${fields.join(', ')} }\n\`\`\``,
    bullets([
      `**Rotation**: put the new one first, and take the old one out when nothing is signed with it any more. Of a secret that was stored alone, the one before it still counts for ${spanInWords(86_400)}.`,
      ...(verify
        ? [
            '**`verify`** is a text of your own choice, which you enter at the provider too: it proves the set-up request, which is not signed. It signs nothing.',
          ]
        : []),
      ...(installs
        ? [
            "**In set-up**: the provider brings the secret itself, in a set-up request that nothing proves. With `setup: 'install-secret'` the first such request stores it, if there is none; whoever knows the URL can be the first. Take the option out as soon as the webhook is made.",
          ]
        : []),
      ...(provider.api === undefined
        ? []
        : [
            '**`api`** may stand beside them: the credentials for the provider’s API, if resources are read there.',
          ]),
    ]),
    'Where it is kept, and how to put it there: [Secrets](README.md#secrets).',
  );
}

function formsOf(scheme: SingleScheme): readonly string[] {
  switch (scheme.kind) {
    case 'signature':
      return keysOf(scheme);
    case 'token':
      return 'header' in scheme && scheme.prefix !== undefined
        ? [`the token that follows ${code(scheme.prefix)}`]
        : ['the token itself'];
    case 'basic':
      return ['user and password, as `user:password`'];
    case 'step':
      return [];
  }
}

function keysOf({ versions }: SignatureScheme): readonly string[] {
  return versions.map(keyInWords);
}

function keyInWords({ algorithm, key: { encoding, prefix } }: SignatureVersion): string {
  const what = algorithm.startsWith('hmac-') ? 'a shared secret' : 'the provider’s public key';
  if (prefix === undefined) return `${what}, ${ENCODINGS[encoding]}`;
  const how = prefix.presence === 'required' ? 'behind' : 'with or without';
  return `${what}, ${ENCODINGS[encoding]} ${how} ${code(prefix.text)}`;
}
