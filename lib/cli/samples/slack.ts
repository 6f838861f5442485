import { type Fresh, form, json, type SampleBody, type SampleBook, seconds } from './sample.ts';

const app = { api_app_id: 'A0KRD7HC3', team_id: 'T1H9RESGL', token: 'XXYYZZ' };
const channel = 'C0LAN2Q65';
const user = 'U061F7AUR';

/** Seconds with six digits behind the point, as a text. */
function slackTime(fresh: Fresh): string {
  return `${seconds(fresh.now)}.${fresh.digits(6)}`;
}

function callback(
  event: (fresh: Fresh, ts: string) => Readonly<Record<string, unknown>>,
): (fresh: Fresh) => SampleBody {
  return (fresh) => {
    const ts = slackTime(fresh);
    return json({
      ...app,
      context_team_id: app.team_id,
      event: { ...event(fresh, ts), event_ts: ts },
      type: 'event_callback',
      event_id: `Ev0${fresh.digits(8)}`,
      event_time: seconds(fresh.now),
      authorizations: [{ enterprise_id: null, team_id: app.team_id, user_id: 'U0BOT0001', is_bot: true }],
      is_ext_shared_channel: false,
    });
  };
}

/** Thirteen digits, ten, and 32 hex digits. */
function trigger(fresh: Fresh): string {
  return `${fresh.digits(13)}.${fresh.digits(10)}.${fresh.hex(32)}`;
}

function command(fresh: Fresh): SampleBody {
  return form({
    ...app,
    team_domain: 'example',
    channel_id: channel,
    channel_name: 'general',
    user_id: user,
    user_name: 'jenny',
    command: '/deploy',
    text: 'staging',
    is_enterprise_install: 'false',
    response_url: `https://hooks.slack.com/commands/${app.team_id}/${fresh.digits(13)}/${fresh.text(24)}`,
    trigger_id: trigger(fresh),
  });
}

function blockActions(fresh: Fresh): SampleBody {
  const payload = {
    ...app,
    type: 'block_actions',
    user: { id: user, username: 'jenny', name: 'jenny', team_id: app.team_id },
    container: { type: 'message', message_ts: slackTime(fresh), channel_id: channel, is_ephemeral: false },
    trigger_id: trigger(fresh),
    team: { id: app.team_id, domain: 'example' },
    channel: { id: channel, name: 'general' },
    response_url: `https://hooks.slack.com/actions/${app.team_id}/${fresh.digits(13)}/${fresh.text(24)}`,
    actions: [
      {
        action_id: 'approve',
        block_id: 'decision',
        text: { type: 'plain_text', text: 'Approve' },
        value: 'order-1347',
        type: 'button',
        action_ts: slackTime(fresh),
      },
    ],
  };
  return form({ payload: JSON.stringify(payload) });
}

/** https://docs.slack.dev/apis/events-api and https://docs.slack.dev/interactivity; the last one checks a URL. */
export const slack: SampleBook = {
  bodies: {
    message: callback((_fresh, ts) => ({
      type: 'message',
      channel,
      user,
      text: 'Live long and prospect.',
      ts,
      team: app.team_id,
      channel_type: 'channel',
    })),
    app_mention: callback((_fresh, ts) => ({
      type: 'app_mention',
      channel,
      user,
      text: '<@U0BOT0001> is it everything a river should be?',
      ts,
      team: app.team_id,
    })),
    channel_created: callback((fresh) => ({
      type: 'channel_created',
      channel: { id: `C${fresh.digits(10)}`, name: 'fun', created: seconds(fresh.now), creator: user },
    })),
    'command./deploy': command,
    'interactivity.block_actions': blockActions,
    url_verification: (fresh) =>
      json({ token: app.token, challenge: fresh.text(52), type: 'url_verification' }),
  },
};
