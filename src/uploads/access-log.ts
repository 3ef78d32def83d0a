import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';

/**
 * One JSON object a request, of values that API Gateway chooses: API Gateway escapes nothing, so that a path or a header
 * of the client could forge members and lines.
 */
export const ACCESS_LOG_FORMAT = AccessLogFormat.custom(JSON.stringify({
  requestId: AccessLogField.contextRequestId(),
  requestTimeEpoch: AccessLogField.contextRequestTimeEpoch(),
  sourceIp: AccessLogField.contextIdentitySourceIp(),
  routeKey: AccessLogField.contextRouteKey(),
  status: AccessLogField.contextStatus(),
  responseLength: AccessLogField.contextResponseLength(),
  responseLatency: AccessLogField.contextResponseLatency(),
  integrationStatus: AccessLogField.contextIntegrationStatus(),
  errorResponseType: AccessLogField.contextErrorResponseType(),
}));
