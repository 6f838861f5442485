import { expect, test } from 'vitest';
import { httpsConfirmations } from '../../lib/aws/https-confirmations.ts';

const URL = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=canary';

test('a confirmation is one call to the address that was built', async () => {
  const called: string[] = [];
  const get = async (url: string) => {
    called.push(url);
    return '<ConfirmSubscriptionResponse/>';
  };
  await httpsConfirmations(async () => get).confirm(URL);
  expect(called).toEqual([URL]);
});

test('a confirmation that fails is unavailable, and says nothing of its token', async () => {
  const failing = httpsConfirmations(async () => () => Promise.reject(new Error('HTTP 403')));
  const error = await failing.confirm(URL).catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    code: 'INFRASTRUCTURE',
    call: 'confirmation:sns.eu-west-1.amazonaws.com',
    nature: 'unavailable',
  });
  expect(String(error)).not.toContain('canary');
});

test('a confirmation is made over https only', async () => {
  await expect(httpsConfirmations().confirm('http://127.0.0.1/')).rejects.toThrow();
});
