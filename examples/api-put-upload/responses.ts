import { IntegrationResponse, MethodResponse, Model, ResponseType, RestApi } from 'aws-cdk-lib/aws-apigateway';

/** Errors are JSON, whoever found them: `{ "code": "…", "message": "…" }`. */
function body(code: string, message: string): { [contentType: string]: string } {
  return { 'application/json': JSON.stringify({ code, message }) };
}

/** What S3's statuses mean for the caller; S3's own words name buckets and requests. No status matches two patterns: there is no first one. */
const STORAGE_ERRORS = [
  { pattern: '403', status: '403', code: 'STORAGE_DENIED', message: 'The bucket does not take this upload.' },
  { pattern: '404', status: '404', code: 'BUCKET_NOT_FOUND', message: 'There is no such bucket any more.' },
  { pattern: '4(0[^34]|[1-9]\\d)', status: '400', code: 'STORAGE_REFUSED', message: 'The bucket refused the file, such as for a name that is too long.' },
  { pattern: '[135]\\d{2}', status: '500', code: 'STORAGE_FAILED', message: 'The file could not be stored. Try again.' },
];

export const storageResponses: IntegrationResponse[] = [
  { statusCode: '200', responseParameters: { 'method.response.header.ETag': 'integration.response.header.ETag' } },
  ...STORAGE_ERRORS.map(({ pattern, status, code, message }) => ({
    statusCode: status, selectionPattern: pattern, responseTemplates: body(code, message),
  })),
];

export const methodResponses: MethodResponse[] = [
  { statusCode: '200', responseParameters: { 'method.response.header.ETag': true } },
  ...STORAGE_ERRORS.map(({ status }) => ({ statusCode: status, responseModels: { 'application/json': Model.ERROR_MODEL } })),
];

/** What the API itself refuses. */
export function addGatewayResponses(api: RestApi): void {
  const asGiven = { 'application/json': '{"code":"$context.error.responseType","message":$context.error.messageString}' };
  api.addGatewayResponse('ClientError', { type: ResponseType.DEFAULT_4XX, templates: asGiven });
  api.addGatewayResponse('ServerError', { type: ResponseType.DEFAULT_5XX, templates: body('INTERNAL_ERROR', 'Something went wrong. Try again.') });
  api.addGatewayResponse('TooLarge', {
    type: ResponseType.REQUEST_TOO_LARGE,
    templates: body('TOO_LARGE', 'The API takes files of up to 10 MB. Put larger ones straight into the bucket.'),
  });
  // API Gateway says "Missing Authentication Token" for paths that it does not know as well.
  api.addGatewayResponse('NotFound', {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    templates: body('NOT_FOUND_OR_NOT_SIGNED', 'Expected a signed PUT /{bucket}/{filename}, with the name of the source bucket.'),
  });
}
