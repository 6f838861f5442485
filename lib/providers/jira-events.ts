import type { EventShape } from '../core/provider.ts';

const TYPE = '{body:webhookEvent}';

/** The identifier is the same in every attempt, unique within a site, and no part of what is signed. */
const ANY: EventShape = {
  id: ['{header:x-atlassian-webhook-identifier}', '{digest}'],
  type: TYPE,
  time: { at: '{body:timestamp}', unit: 'ms' },
};

/** Told by the type: an event of an issue can carry a comment too. */
function state(kind: string, types: readonly string[], at: string): readonly EventShape[] {
  return types.map((type) => ({
    ...ANY,
    when: [{ at: TYPE, equals: type }],
    subject: `${kind}/{body:${kind}.id}`,
    version: { at: `{body:${at}}`, unit: 'iso' },
  }));
}

/** What Jira sends, however it proves that it did. */
export const jiraEvents: readonly EventShape[] = [
  ...state(
    'issue',
    ['jira:issue_created', 'jira:issue_updated', 'jira:issue_deleted'],
    'issue.fields.updated',
  ),
  ...state('comment', ['comment_created', 'comment_updated', 'comment_deleted'], 'comment.updated'),
  ...state('worklog', ['worklog_created', 'worklog_updated', 'worklog_deleted'], 'worklog.updated'),
  ANY,
];
