import { schemeInWords } from '../../lib/cli/scheme-in-words.ts';
import { answersChapter } from './answers-chapter.ts';
import { coverageChapter } from './coverage-chapter.ts';
import { dedupChapter } from './dedup-chapter.ts';
import { eventsChapter } from './events-chapter.ts';
import { handshakesChapter } from './handshakes-chapter.ts';
import { limitsChapter } from './limits-chapter.ts';
import { blocks, bullets, capital, chapter, numbered, prose, proseWithTemplates } from './markdown.ts';
import type { ProviderFacts } from './provider-facts.ts';
import { resourcesChapter } from './resources-chapter.ts';
import { secretChapter } from './secret-chapter.ts';

/** All that there is to know of a provider, as Markdown. */
export function providerPage(facts: ProviderFacts): string {
  const { provider } = facts;
  const page = blocks(
    `# ${provider.title}`,
    `<!-- Written by \`npm run docs\` from lib/providers. Change it there. -->`,
    `${proseWithTemplates(capital(schemeInWords(provider.scheme)))}.`,
    setUpChapter(facts),
    secretChapter(facts),
    eventsChapter(provider),
    dedupChapter(facts),
    coverageChapter(facts),
    handshakesChapter(provider),
    answersChapter(provider),
    resourcesChapter(provider),
    limitsChapter(facts),
    chapter(
      'Not verified',
      provider.unverified === undefined
        ? undefined
        : blocks(
            'What the provider’s documentation leaves open, and how it is read here:',
            bullets(provider.unverified.map(prose)),
          ),
    ),
    chapter(`${provider.title}’s own pages`, bullets(provider.docs.map((url) => `<${url}>`))),
  );
  return `${page}\n`;
}

function setUpChapter({ provider: { name, setup }, exportName }: ProviderFacts): string | undefined {
  const key = /^[a-z]+$/.test(name) ? name : `'${name}'`;
  return chapter(
    'Set-up',
    `\`\`\`ts\nimport { ${exportName}, type Sources } from 'headgate';\n\nconst sources: Sources = { ${key}: { provider: ${exportName} } };\nexport default sources;\n\`\`\``,
    numbered(setup.map(prose)),
  );
}
