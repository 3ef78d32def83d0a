import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { conditionalResponse } from './conditional';
import { HttpError, jsonResponse, notFound, readJson } from './http';
import { Images } from './images';
import { Services } from './services';
import { uploadHandler } from './uploads';
import { IMAGE_PATH, IMAGES_PATH } from '../../contract';

export type Api = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

type Route = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/** The API as one function. API Gateway has matched the route already, and decoded path and query once. */
export function createApi(services: Services): Api {
  const { config, logger } = services;
  const createUpload = uploadHandler(services);
  const images = new Images(services);
  const idOf = (event: APIGatewayProxyEventV2) => event.pathParameters?.imageId ?? '';
  const routes = new Map<string, Route>([
    [`POST ${config.upload.path}`, async (event) => jsonResponse(201, await createUpload(readJson(event)))],
    [`GET ${IMAGES_PATH}`, async (event) => conditionalResponse(event, await images.list(event.queryStringParameters ?? {}))],
    [`GET ${IMAGE_PATH}`, async (event) => conditionalResponse(event, await images.get(idOf(event)))],
  ]);
  if (config.deletes) routes.set(`DELETE ${IMAGE_PATH}`, async (event) => jsonResponse(202, await images.delete(idOf(event))));

  return async (event) => {
    try {
      const route = routes.get(event.routeKey);
      if (!route) throw notFound('there is no such route');
      return await route(event);
    } catch (error) {
      if (error instanceof HttpError) return jsonResponse(error.status, { code: error.code, message: error.message });
      logger.error('request failed', { routeKey: event.routeKey, requestId: event.requestContext.requestId, error: error as Error });
      return jsonResponse(500, { code: 'INTERNAL_ERROR', message: 'the request could not be handled' });
    }
  };
}
