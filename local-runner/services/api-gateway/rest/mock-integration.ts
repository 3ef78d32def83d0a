import type { GatewayFailure } from './gateway-responses';
import type { IntegrationProperties, RestIntegration } from './integration';
import { IntegrationRequests } from './integration-requests';
import { IntegrationResponses } from './integration-responses';
import type { RestCall } from './rest-call';
import type { ApiResponse } from '../shared/response';

/** Answers without anything behind it: the request's template says with which status. */
export class MockIntegration implements RestIntegration {
  private readonly requests: IntegrationRequests;
  private readonly responses: IntegrationResponses;

  constructor(properties: IntegrationProperties, at: string) {
    this.requests = new IntegrationRequests(properties, at);
    this.responses = new IntegrationResponses(properties.IntegrationResponses ?? [], at);
  }

  async run(call: RestCall): Promise<ApiResponse | GatewayFailure> {
    const body = this.requests.body(call);
    if (!body) return { failure: 'UNSUPPORTED_MEDIA_TYPE' };
    const [, status] = /["']?statusCode["']?\s*:\s*(\d{3})/.exec(body.toString()) ?? [];
    if (!status) return { failure: 'API_CONFIGURATION_ERROR' };
    return this.responses.respond(call, { status: Number(status), headers: [], body: Buffer.alloc(0) });
  }
}
