import { type Fresh, json, type SampleBody, type SampleBook } from './sample.ts';

const application = '1234560123456789012';
const guild = '290926798626357999';
const author = {
  id: '53908232506183680',
  username: 'mason',
  global_name: 'Mason',
  avatar: 'a_d5efa99b3eeaa7dd43acca82f5692432',
  discriminator: '0',
};

/** An id of Discord's: ms since its epoch, and what tells ids of one ms apart. */
function snowflake({ now, digits }: Fresh): string {
  return String((BigInt(now - 1_420_070_400_000) << 22n) | (BigInt(digits(6)) & 0x3f_ffffn));
}

function interaction(
  type: number,
  data: (fresh: Fresh) => Readonly<Record<string, unknown>>,
): (fresh: Fresh) => SampleBody {
  return (fresh) =>
    json({
      id: snowflake(fresh),
      application_id: application,
      type,
      data: data(fresh),
      guild_id: guild,
      channel_id: '645027906669510667',
      member: { user: author, roles: [], joined_at: '2019-08-22T05:07:45.146000+00:00', nick: null },
      token: `aW50ZXJhY3Rpb246${fresh.text(80)}`,
      version: 1,
      locale: 'en-US',
      guild_locale: 'en-US',
      entitlements: [],
    });
}

function webhookEvent(
  type: string,
  data: (fresh: Fresh) => Readonly<Record<string, unknown>>,
): (fresh: Fresh) => SampleBody {
  return (fresh) => {
    // Microseconds, without a zone.
    const timestamp = new Date(fresh.now).toISOString().replace('Z', fresh.digits(3));
    return json({
      version: 1,
      application_id: application,
      type: 1,
      event: { type, timestamp, data: data(fresh) },
    });
  };
}

/** https://docs.discord.com/developers/interactions/receiving-and-responding and …/events/webhook-events; `ping` checks a URL. */
export const discord: SampleBook = {
  bodies: {
    'interaction.command': interaction(2, () => ({
      id: '771825006014889984',
      name: 'deploy',
      type: 1,
      options: [{ name: 'stage', type: 3, value: 'staging' }],
    })),
    'interaction.component': interaction(3, () => ({ custom_id: 'approve', component_type: 2 })),
    ENTITLEMENT_CREATE: webhookEvent('ENTITLEMENT_CREATE', (fresh) => ({
      id: snowflake(fresh),
      application_id: application,
      sku_id: '1158857122189168803',
      user_id: author.id,
      type: 8,
      deleted: false,
      consumed: false,
      gift_code_flags: 0,
    })),
    APPLICATION_AUTHORIZED: webhookEvent('APPLICATION_AUTHORIZED', () => ({
      integration_type: 1,
      scopes: ['applications.commands'],
      user: author,
    })),
    ping: (fresh) =>
      json({ id: snowflake(fresh), application_id: application, type: 1, token: fresh.text(40), version: 1 }),
  },
};
