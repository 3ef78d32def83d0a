import { matchRoute } from '../../../../../local-runner/services/api-gateway/http/routes';

const ROUTES = ['GET /images', 'GET /images/{id}', 'ANY /images/{id}', 'GET /images/new', 'GET /images/{path+}', 'ANY /{rest+}', 'GET /', '$default'].map((key) => ({ key }));

test.each<[string, string, string, Record<string, string>]>([
  ['GET', '/images', 'GET /images', {}],
  ['GET', '/images/new', 'GET /images/new', {}],
  ['GET', '/images/7', 'GET /images/{id}', { id: '7' }],
  ['DELETE', '/images/7', 'ANY /images/{id}', { id: '7' }],
  ['GET', '/images/7/large', 'GET /images/{path+}', { path: '7/large' }],
  ['PUT', '/images/7/large', 'ANY /{rest+}', { rest: 'images/7/large' }],
  ['POST', '/images', 'ANY /{rest+}', { rest: 'images' }],
  ['GET', '/images/', 'ANY /{rest+}', { rest: 'images/' }],
  ['GET', '/', 'GET /', {}],
  ['POST', '/', '$default', {}],
])('%s %s goes to %s', (method, path, key, pathParameters) => {
  expect(matchRoute(ROUTES, method, path)).toEqual({ route: { key }, pathParameters });
});

test('path parameters are decoded after the path was split', () => {
  expect(matchRoute(ROUTES, 'GET', '/images/gr%C3%BCn%2Fblau%20')?.pathParameters).toEqual({ id: 'grün/blau ' });
});

test('text of a route matches what is encoded without need', () => {
  expect(matchRoute(ROUTES, 'GET', '/%69mages/new')?.route.key).toBe('GET /images/new');
});

test('no route matches where none is for the method, and there is no default', () => {
  expect(matchRoute([{ key: 'GET /images' }], 'POST', '/images')).toBeUndefined();
});
