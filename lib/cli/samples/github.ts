import { type Fresh, isoSeconds, json, type SampleBody, type SampleBook, seconds } from './sample.ts';

const HOOK_ID = 465372910;

const sender = {
  login: 'octocat',
  id: 583231,
  node_id: 'MDQ6VXNlcjU4MzIzMQ==',
  avatar_url: 'https://avatars.githubusercontent.com/u/583231?v=4',
  html_url: 'https://github.com/octocat',
  type: 'User',
  site_admin: false,
};

const repository = {
  id: 1296269,
  node_id: 'MDEwOlJlcG9zaXRvcnkxMjk2MjY5',
  name: 'hello-world',
  full_name: 'octocat/hello-world',
  private: false,
  owner: sender,
  html_url: 'https://github.com/octocat/hello-world',
  description: 'My first repository on GitHub!',
  fork: false,
  url: 'https://api.github.com/repos/octocat/hello-world',
  created_at: '2011-01-26T19:01:12Z',
  default_branch: 'main',
};

function issue(fresh: Fresh): Readonly<Record<string, unknown>> {
  const at = isoSeconds(fresh.now);
  return {
    url: 'https://api.github.com/repos/octocat/hello-world/issues/1347',
    id: Number(fresh.digits(10)),
    number: 1347,
    title: 'Found a bug',
    user: sender,
    labels: [
      { id: 208045946, name: 'bug', color: 'f29513', default: true, description: "Something isn't working" },
    ],
    state: 'open',
    locked: false,
    comments: 0,
    created_at: at,
    updated_at: at,
    closed_at: null,
    author_association: 'CONTRIBUTOR',
    body: "I'm having a problem with this.",
  };
}

function issues(action: string): (fresh: Fresh) => SampleBody {
  return (fresh) => json({ action, issue: issue(fresh), repository, sender });
}

function push(fresh: Fresh): SampleBody {
  const [before, after] = [fresh.hex(40), fresh.hex(40)];
  const person = { name: 'The Octocat', email: 'octocat@github.com', username: 'octocat' };
  const commit = {
    id: after,
    tree_id: fresh.hex(40),
    distinct: true,
    message: 'Fix all the bugs',
    timestamp: isoSeconds(fresh.now),
    url: `https://github.com/octocat/hello-world/commit/${after}`,
    author: person,
    committer: person,
    added: [],
    removed: [],
    modified: ['README.md'],
  };
  return json({
    ref: 'refs/heads/main',
    before,
    after,
    repository: { ...repository, pushed_at: seconds(fresh.now) },
    pusher: { name: 'octocat', email: 'octocat@github.com' },
    sender,
    created: false,
    deleted: false,
    forced: false,
    base_ref: null,
    compare: `https://github.com/octocat/hello-world/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: [commit],
    head_commit: commit,
  });
}

function pullRequest(fresh: Fresh): SampleBody {
  const at = isoSeconds(fresh.now);
  const pull_request = {
    url: 'https://api.github.com/repos/octocat/hello-world/pulls/42',
    id: Number(fresh.digits(10)),
    number: 42,
    state: 'open',
    locked: false,
    title: 'Amazing new feature',
    user: sender,
    body: 'Please pull these awesome changes in!',
    created_at: at,
    updated_at: at,
    closed_at: null,
    merged_at: null,
    draft: false,
    head: { label: 'octocat:new-topic', ref: 'new-topic', sha: fresh.hex(40) },
    base: { label: 'octocat:main', ref: 'main', sha: fresh.hex(40) },
    merged: false,
    commits: 3,
    additions: 100,
    deletions: 3,
    changed_files: 5,
  };
  return json({ action: 'opened', number: 42, pull_request, repository, sender });
}

function release(fresh: Fresh): SampleBody {
  const at = isoSeconds(fresh.now);
  const published = {
    id: Number(fresh.digits(9)),
    tag_name: 'v1.0.0',
    target_commitish: 'main',
    name: 'v1.0.0',
    draft: false,
    prerelease: false,
    author: sender,
    created_at: at,
    published_at: at,
    assets: [],
    body: 'Description of the release',
  };
  return json({ action: 'published', release: published, repository, sender });
}

function ping(fresh: Fresh): SampleBody {
  const at = isoSeconds(fresh.now);
  const hook = {
    type: 'Repository',
    id: HOOK_ID,
    name: 'web',
    active: true,
    events: ['push', 'issues'],
    config: {
      content_type: 'json',
      insecure_ssl: '0',
      secret: '********',
      url: 'https://example.com/github',
    },
    updated_at: at,
    created_at: at,
  };
  return json({ zen: 'Responsive is better than fast.', hook_id: HOOK_ID, hook, repository, sender });
}

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads, with fewer of the many links. */
export const github: SampleBook = {
  bodies: {
    'issues.opened': issues('opened'),
    'issues.edited': issues('edited'),
    push,
    'pull_request.opened': pullRequest,
    'release.published': release,
    'star.created': (fresh) =>
      json({ action: 'created', starred_at: isoSeconds(fresh.now), repository, sender }),
    ping,
  },
  headers: (type, fresh) => ({
    'user-agent': 'GitHub-Hookshot/044aadd',
    'x-github-delivery': fresh.uuid(),
    'x-github-event': type.split('.', 1)[0] ?? type,
    'x-github-hook-id': String(HOOK_ID),
    'x-github-hook-installation-target-id': String(repository.id),
    'x-github-hook-installation-target-type': 'repository',
  }),
};
