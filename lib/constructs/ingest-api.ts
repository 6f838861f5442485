import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { Resources, Route } from '../core/resources.ts';
import { acknowledge } from './acknowledge.ts';

/** No query, header or body: some providers put what is secret there. */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  route: '$context.routeKey',
  status: '$context.status',
  ip: '$context.identity.sourceIp',
  protocol: '$context.protocol',
  responseBytes: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integrationLatency',
  integrationStatus: '$context.integrationStatus',
  error: '$context.error.message',
  integrationError: '$context.integrationErrorMessage',
};

export interface IngestApiProps {
  /** Shown in the console. */
  readonly name: string;
  readonly limits: Resources['gateway'];
  readonly logRetention: logs.RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  readonly domain: CustomDomain | undefined;
}

export interface CustomDomain {
  readonly name: string;
  readonly certificate: acm.ICertificate;
  readonly hostedZone: route53.IHostedZone | undefined;
}

/** The HTTP API that providers call: one route for each path and method of a source, nothing else answers. */
export class IngestApi extends Construct {
  readonly api: apigateway.HttpApi;
  /** Where providers reach it, without a slash at the end. */
  readonly publicUrl: string;
  /** What the custom domain's name has to point to; undefined without one. */
  readonly domainTarget: string | undefined;

  constructor(scope: Construct, id: string, props: IngestApiProps) {
    super(scope, id);
    this.api = new apigateway.HttpApi(this, 'Api', {
      apiName: props.name,
      description: 'Headgate: receives webhooks',
      createDefaultStage: false,
      disableExecuteApiEndpoint: props.domain !== undefined,
    });
    this.publicUrl = props.domain === undefined ? this.api.apiEndpoint : `https://${props.domain.name}`;
    const domain = props.domain === undefined ? undefined : this.addDomain(props.domain);
    this.domainTarget = domain?.regionalDomainName;
    this.addStage(props, domain);
    acknowledge(this, {
      'AwsSolutions-APIG4':
        'A provider proves itself by its signature over the exact bytes, which no authorizer of the gateway sees; the function checks it first.',
    });
  }

  /** All routes lead to one function. */
  addRoutes(routes: readonly Route[], handler: lambda.IFunction): void {
    const { integrationId } = new apigateway.HttpIntegration(this, 'Integration', {
      httpApi: this.api,
      integrationType: apigateway.HttpIntegrationType.AWS_PROXY,
      integrationUri: handler.functionArn,
      payloadFormatVersion: apigateway.PayloadFormatVersion.VERSION_2_0,
    });
    // One permission for the API: a policy with one for each route outgrows its limit with some 40 sources.
    handler.addPermission('Gateway', {
      principal: new iam.ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(this).formatArn({
        service: 'execute-api',
        resource: this.api.apiId,
        resourceName: '*/*',
      }),
    });
    for (const { method, path } of routes) {
      new apigateway.CfnRoute(this, `${method} ${path}`, {
        apiId: this.api.apiId,
        routeKey: `${method} ${path}`,
        target: `integrations/${integrationId}`,
      });
    }
  }

  private addStage(props: IngestApiProps, domainName: apigateway.DomainName | undefined): void {
    const { limits, logRetention: retention, removalPolicy } = props;
    const accessLogs = new logs.LogGroup(this, 'AccessLogs', { retention, removalPolicy });
    new apigateway.HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: limits.rateLimit, burstLimit: limits.burstLimit },
      accessLogSettings: {
        destination: new apigateway.LogGroupLogDestination(accessLogs),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
      ...(domainName === undefined ? {} : { domainMapping: { domainName } }),
    });
  }

  private addDomain({ name, certificate, hostedZone }: CustomDomain): apigateway.DomainName {
    const domain = new apigateway.DomainName(this, 'Domain', { domainName: name, certificate });
    if (hostedZone === undefined) return domain;
    const target = new ApiGatewayv2DomainProperties(domain.regionalDomainName, domain.regionalHostedZoneId);
    new route53.ARecord(this, 'Alias', {
      zone: hostedZone,
      recordName: `${name}.`,
      target: route53.RecordTarget.fromAlias(target),
    });
    return domain;
  }
}
