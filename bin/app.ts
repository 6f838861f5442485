import { App, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { WebhookReceiver } from '../lib/cdk.ts';
import sources from './sources.ts';

const app = new App();
const stack = new Stack(app, 'Headgate', {
  description: 'Receives webhooks: verified, deduplicated, in order, never lost',
});
new WebhookReceiver(stack, 'Receiver', { sources });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
